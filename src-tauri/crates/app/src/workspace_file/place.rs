//! Remarks about a text, each at a line and column.

use std::ops::Range;

use wire::workspace::{FileProblem, ProblemKind};

/// Gathers remarks about one text.
#[derive(Debug)]
pub struct Remarks<'a> {
    text: &'a str,
    /// In the order in which they were found.
    pub problems: Vec<FileProblem>,
}

impl<'a> Remarks<'a> {
    /// None yet.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            problems: Vec::new(),
        }
    }

    /// Something that makes the file unusable.
    pub fn error(&mut self, span: Option<Range<usize>>, code: &str, subject: &str, expected: Option<&str>) {
        self.push(ProblemKind::Error, span, code, subject, expected);
    }

    /// Something that is kept and not understood.
    pub fn warning(&mut self, span: Option<Range<usize>>, code: &str, subject: &str, expected: Option<&str>) {
        self.push(ProblemKind::Warning, span, code, subject, expected);
    }

    /// Whether the file can't be used.
    pub fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.kind == ProblemKind::Error)
    }

    fn push(
        &mut self,
        kind: ProblemKind,
        span: Option<Range<usize>>,
        code: &str,
        subject: &str,
        expected: Option<&str>,
    ) {
        let (line, column) = position(self.text, span.map_or(0, |span| span.start));
        self.problems.push(FileProblem {
            kind,
            code: code.to_owned(),
            line,
            column,
            subject: subject.chars().take(200).collect(),
            expected: expected.map(str::to_owned),
        });
    }
}

/// Line and column, both from 1, the column in characters.
fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line as u32, column as u32)
}
