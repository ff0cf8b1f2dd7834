//! Templates as YAML, and the difference of two texts line by line.

use std::time::Duration;

use serde_json::Value;
use similar::{Algorithm, ChangeTag, TextDiff};

use crate::template::PodTemplate;

/// Longer than this, the shortest difference is given up for one that is merely right.
const TIME_FOR_THE_SHORTEST: Duration = Duration::from_millis(500);

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineChange {
    /// In both.
    Same,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What became of it.
    pub change: LineChange,
    /// Its number in the old text, from 1.
    pub old_line: Option<usize>,
    /// Its number in the new text, from 1.
    pub new_line: Option<usize>,
    /// The line without its end.
    pub text: String,
}

/// A template as YAML, keys in sorted order, the same for the same template every time.
pub fn template_yaml(template: &PodTemplate) -> String {
    yaml(template.as_value())
}

/// Any JSON value as YAML.
pub fn yaml(value: &Value) -> String {
    serde_yaml_ng::to_string(value).expect("because every JSON value has a YAML form")
}

/// All lines of both texts, in order, each with what became of it.
pub fn line_diff(old: &str, new: &str) -> Vec<DiffLine> {
    TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .timeout(TIME_FOR_THE_SHORTEST)
        .diff_lines(old, new)
        .iter_all_changes()
        .map(|change| DiffLine {
            change: match change.tag() {
                ChangeTag::Equal => LineChange::Same,
                ChangeTag::Delete => LineChange::Removed,
                ChangeTag::Insert => LineChange::Added,
            },
            old_line: change.old_index().map(|at| at + 1),
            new_line: change.new_index().map(|at| at + 1),
            text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
        })
        .collect()
}
