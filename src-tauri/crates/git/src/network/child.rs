//! One run of `git`: started without prompts, listened to, and ended with all that it started.

use std::ffi::{OsStr, OsString};
use std::future::Future;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep_until, timeout};

use super::address::{PROTOCOLS, without_password};
use super::progress::{self, Progress};
use super::{GitProgram, NetworkError};

/// Settings that outrank those of any file: no hook, no maintenance behind our back, no question.
const SETTINGS: [&str; 5] = [
    "core.hooksPath=/dev/null",
    "gc.auto=0",
    "maintenance.auto=false",
    "credential.interactive=false",
    "advice.detachedHead=false",
];
/// What is kept of the words of `git`, in bytes: enough for its last lines, whatever it prints.
const KEPT: usize = 64 * 1024;
/// What a helper that outlives `git` may still add after its end.
const AFTER_THE_END: Duration = Duration::from_millis(300);
/// What `git` gets to tidy up before it is ended by force.
const TO_TIDY_UP: Duration = Duration::from_secs(2);

/// A run that is being prepared.
pub(super) struct Run<'a> {
    program: &'a GitProgram,
    command: Command,
}

/// A run that came to its own end.
pub(super) struct Finished {
    what: String,
    status: ExitStatus,
    said: String,
}

impl<'a> Run<'a> {
    /// Prepares `git` in `folder`.
    pub fn new(program: &'a GitProgram, folder: &Path) -> Run<'a> {
        let mut command = Command::new(&program.program);
        command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command.process_group(0).kill_on_drop(true);
        command.envs(program.environment.iter().map(|(name, value)| (name, value)));
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        silence(&mut command, program.ssh_command(folder));
        Run { program, command }
    }

    pub fn argument(&mut self, argument: &OsStr) -> &mut Self {
        self.command.arg(argument);
        self
    }

    pub fn arguments<'b>(&mut self, arguments: impl IntoIterator<Item = &'b str>) -> &mut Self {
        self.command.args(arguments);
        self
    }

    /// Runs it to its end, or to the end of patience. `what` names it in messages.
    pub async fn finish(
        mut self,
        what: String,
        mut progress: impl FnMut(Progress) + Send,
        cancel: impl Future<Output = ()> + Send,
    ) -> Result<Finished, NetworkError> {
        let limits = self.program.limits;
        let mut child = self.spawn()?;
        let mut group = Group::of(&child);
        let mut stderr = child
            .stderr
            .take()
            .expect("because stderr was asked for as a pipe");
        let mut words = Words::default();
        let deadline = Instant::now() + limits.total;
        let mut heard = Instant::now();
        tokio::pin!(cancel);
        let ended = loop {
            tokio::select! {
                biased;
                () = &mut cancel => break Err(NetworkError::Cancelled { what: what.clone() }),
                () = sleep_until(deadline) => break Err(timed_out(&what, limits.total, false)),
                () = sleep_until(heard + limits.silence) => break Err(timed_out(&what, limits.silence, true)),
                status = child.wait() => break status.map_err(|source| self.not_started(source)),
                more = words.listen(&mut stderr, &mut progress), if !words.is_closed => {
                    if more { heard = Instant::now() }
                }
            }
        };
        match ended {
            Ok(status) => {
                group.disarm();
                let rest = async {
                    while !words.is_closed {
                        words.listen(&mut stderr, &mut progress).await;
                    }
                };
                let _ = timeout(AFTER_THE_END, rest).await;
                Ok(Finished {
                    what,
                    status,
                    said: words.without_secrets(),
                })
            }
            Err(error) => {
                group.end(&mut child).await;
                Err(error)
            }
        }
    }

    fn spawn(&mut self) -> Result<Child, NetworkError> {
        self.command.spawn().map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => NetworkError::GitMissing {
                program: self.program_name(),
            },
            _ => self.not_started(source),
        })
    }

    fn not_started(&self, source: std::io::Error) -> NetworkError {
        NetworkError::NotStarted {
            program: self.program_name(),
            source,
        }
    }

    fn program_name(&self) -> String {
        self.program.program.to_string_lossy().into_owned()
    }
}

fn timed_out(what: &str, after: Duration, silent: bool) -> NetworkError {
    NetworkError::TimedOut {
        what: what.to_owned(),
        after,
        silent,
    }
}

/// The variables that keep `git`, its helpers and ssh from asking, and make it speak plain English.
fn silence(command: &mut Command, ssh_command: Option<OsString>) {
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GCM_INTERACTIVE", "never");
    // Set and empty means "there is none", which also hides core.askPass and SSH_ASKPASS.
    command
        .env("GIT_ASKPASS", "")
        .env("SSH_ASKPASS", "")
        .env("SSH_ASKPASS_REQUIRE", "never");
    command.env("GIT_ALLOW_PROTOCOL", PROTOCOLS.join(":"));
    command.env("LC_ALL", "C").env_remove("LANGUAGE");
    for inherited in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
    ] {
        command.env_remove(inherited);
    }
    if let Some(ssh_command) = ssh_command {
        command.env("GIT_SSH_COMMAND", ssh_command);
    }
}

impl GitProgram {
    /// The person's ssh command, told not to ask; `None` leaves everything as it is, for a program that
    /// would not know the option.
    fn ssh_command(&self, folder: &Path) -> Option<OsString> {
        let own = self
            .variable("GIT_SSH_COMMAND")
            .or_else(|| configured_ssh_command(folder));
        let mut command = match own {
            Some(command) => command,
            None if self.variable("GIT_SSH").is_some() => return None,
            None => OsString::from("ssh"),
        };
        let text = command.to_string_lossy();
        let program = text.split_whitespace().next().unwrap_or_default();
        let is_openssh = Path::new(program).file_name().is_some_and(|name| name == "ssh");
        if is_openssh {
            command.push(" -o BatchMode=yes");
        }
        Some(command)
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        let own = self
            .environment
            .iter()
            .rev()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.clone());
        own.or_else(|| std::env::var_os(name))
            .filter(|value| !value.is_empty())
    }
}

fn configured_ssh_command(folder: &Path) -> Option<OsString> {
    let config = match crate::Repository::open(folder) {
        Ok(repository) => repository.git.config().ok()?,
        Err(_) => git2::Config::open_default().ok()?,
    };
    config
        .get_string("core.sshcommand")
        .ok()
        .filter(|command| !command.is_empty())
        .map(OsString::from)
}

/// What `git` said: whole lines of the end, and a line that is still being written.
#[derive(Default)]
struct Words {
    said: Vec<u8>,
    line: Vec<u8>,
    is_closed: bool,
}

impl Words {
    /// Waits for more; `false` at the end.
    async fn listen(
        &mut self,
        from: &mut (impl AsyncRead + Unpin),
        progress: &mut impl FnMut(Progress),
    ) -> bool {
        let mut buffer = [0; 4096];
        match from.read(&mut buffer).await {
            Ok(0) | Err(_) => {
                self.end_line(progress);
                self.is_closed = true;
                false
            }
            Ok(length) => {
                for &byte in &buffer[..length] {
                    self.take(byte, progress);
                }
                true
            }
        }
    }

    fn take(&mut self, byte: u8, progress: &mut impl FnMut(Progress)) {
        match byte {
            b'\n' | b'\r' => self.end_line(progress),
            _ if self.line.len() < KEPT / 16 => self.line.push(byte),
            // The rest of an endless line says nothing.
            _ => {}
        }
    }

    fn end_line(&mut self, progress: &mut impl FnMut(Progress)) {
        let line = std::mem::take(&mut self.line);
        match progress::parse(&String::from_utf8_lossy(&line)) {
            Some(step) => progress(step),
            None if line.is_empty() => {}
            None => {
                self.said.extend_from_slice(&line);
                self.said.push(b'\n');
                let surplus = self.said.len().saturating_sub(KEPT);
                self.said.drain(..surplus);
            }
        }
    }

    /// The words, with the password of every address in them left out.
    fn without_secrets(&self) -> String {
        let text = String::from_utf8_lossy(&self.said);
        let word = |word: &str| {
            let start = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
            format!("{}{}", &word[..start], without_password(&word[start..]))
        };
        text.split('\n')
            .map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl Finished {
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.said.lines()
    }

    /// Whether nothing went wrong but references that `git` refused to move.
    pub fn says_only_rejections(&self) -> bool {
        !self
            .lines()
            .any(|line| line.starts_with("fatal:") || line.starts_with("error:"))
    }

    pub fn success(self) -> Result<(), NetworkError> {
        if self.status.success() {
            return Ok(());
        }
        Err(NetworkError::from_words(
            self.what,
            self.status.to_string(),
            &self.said,
        ))
    }
}

/// The process group of a child: `git`, ssh, helpers. Ended by force if it is dropped while it runs.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Group {
        Group(child.id().and_then(|id| Pid::from_raw(id.cast_signed())))
    }

    /// `git` has ended by itself: what it left running (an ssh master, a credential cache) may stay,
    /// and its id may soon be another's.
    fn disarm(&mut self) {
        self.0 = None;
    }

    async fn end(&mut self, child: &mut Child) {
        self.signal(Signal::TERM);
        let _ = timeout(TO_TIDY_UP, child.wait()).await;
        // While any member lives, the group's id stays its own, even when `git` itself has ended.
        self.signal(Signal::KILL);
        let _ = timeout(TO_TIDY_UP, child.wait()).await;
        self.disarm();
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.0 {
            // An error means that nobody is left in it.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}
