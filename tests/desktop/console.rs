//! What the page says on its console, as WebKit writes it to the app's standard output while the app is driven:
//! `tidemark://localhost/:2:1: CONSOLE SECURITY ERROR Refused to execute a script …`.

/// What WebKit says when an element changed its size while sizes were being told, as happens when the window is resized:
/// the rest is told one frame later (Resize Observer, section 3.4.6), and nothing is wrong.
const RESIZING: &str = "ResizeObserver loop completed with undelivered notifications";

/// The errors among the lines of the app's output.
pub(super) fn complaints(output: &str) -> Vec<String> {
    let errors = output.lines().filter(|line| {
        let said = line.split_once("CONSOLE ").map(|(_, said)| said);
        let said = said.filter(|said| !said.contains(RESIZING));
        said.is_some_and(|said| said.split_whitespace().take(3).any(|word| word == "ERROR"))
    });
    errors.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::complaints;

    #[test]
    fn errors_are_told_from_chatter() {
        let output = "\
            INFO tidemark: started\n\
            tauri://localhost/:2:1: CONSOLE SECURITY ERROR Refused to execute a script because its hash\n\
            tauri://localhost/a.js:9:3: CONSOLE JS ERROR TypeError: undefined is not an object\n\
            tauri://localhost/a.js:9:3: CONSOLE INFO nothing to see: ERROR is only a word here\n";
        let found = complaints(output);
        assert_eq!(found.len(), 2, "one breach, one uncaught error: {found:?}");
        assert!(found[0].contains("Refused to execute"));
    }
}
