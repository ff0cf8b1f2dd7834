//! Reads tag objects and the commits that they lead to, on several threads when there are many.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use git2::{ErrorCode, ObjectType, Odb, Oid};

use super::TagProblemReason;
use crate::error::GitError;
use crate::objects::{CommitFacts, TagFacts, parse_commit, parse_tag};
use crate::repository::Repository;

/// Fewer than this are read sooner than a second repository is opened.
const WORTH_A_THREAD: usize = 500;
const MOST_THREADS: usize = 4;
/// A chain of tags that is longer is a mistake, or a loop that a damaged object makes.
const DEEPEST: u32 = 64;

/// What a tag's object leads to.
#[derive(Debug)]
pub(super) struct Peeled {
    /// The tag object that the name points to; `None` when it points to a commit.
    pub outermost: Option<TagFacts>,
    /// How many tag objects lie before the commit.
    pub depth: u32,
    pub commit_id: Oid,
    pub commit: Arc<CommitFacts>,
}

pub(super) enum Loaded {
    Peeled(Peeled),
    Failed(TagProblemReason),
}

/// Reads all of `wanted`. Only failures that concern the whole repository are errors.
pub(super) fn load(repository: &Repository, wanted: &[Oid]) -> Result<Vec<(Oid, Loaded)>, GitError> {
    let threads = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(MOST_THREADS);
    let threads = threads.min(wanted.len() / WORTH_A_THREAD).max(1);
    let shares: Vec<&[Oid]> = wanted.chunks(wanted.len().div_ceil(threads).max(1)).collect();
    let Some((own, others)) = shares.split_first() else {
        return Ok(Vec::new());
    };
    let path = repository.path();
    thread::scope(|scope| {
        // libgit2's repository belongs to one thread at a time, so each opens its own.
        let running: Vec<_> = others
            .iter()
            .map(|share| scope.spawn(move || load_share(&Repository::open(path)?, share)))
            .collect();
        let mut loaded = load_share(repository, own)?;
        for thread in running {
            loaded.extend(thread.join().expect("because a reading thread does not panic")?);
        }
        Ok(loaded)
    })
}

fn load_share(repository: &Repository, wanted: &[Oid]) -> Result<Vec<(Oid, Loaded)>, GitError> {
    let odb = repository
        .git
        .odb()
        .map_err(|error| repository.unreadable("the object database", &error))?;
    let may_lack = repository.may_lack_objects();
    Ok(wanted
        .iter()
        .map(|&oid| (oid, peel(&odb, may_lack, oid)))
        .collect())
}

fn peel(odb: &Odb<'_>, may_lack: bool, first: Oid) -> Loaded {
    let mut outermost = None;
    let mut oid = first;
    for depth in 0..DEEPEST {
        let object = match odb.read(oid) {
            Ok(object) => object,
            Err(error) => return Loaded::Failed(missing(oid, may_lack, &error)),
        };
        match object.kind() {
            ObjectType::Commit => {
                let commit = Arc::new(parse_commit(object.data()));
                return Loaded::Peeled(Peeled {
                    outermost,
                    depth,
                    commit_id: oid,
                    commit,
                });
            }
            ObjectType::Tag => {
                let Some(facts) = parse_tag(object.data()) else {
                    return Loaded::Failed(TagProblemReason::Damaged(format!(
                        "tag object {oid} names nothing"
                    )));
                };
                oid = facts.target;
                outermost.get_or_insert(facts);
            }
            other @ (ObjectType::Tree | ObjectType::Blob | ObjectType::Any) => {
                return Loaded::Failed(TagProblemReason::NotACommit(other.str().to_owned()));
            }
        }
    }
    Loaded::Failed(TagProblemReason::Damaged(format!(
        "more than {DEEPEST} tag objects follow one another"
    )))
}

fn missing(oid: Oid, may_lack: bool, error: &git2::Error) -> TagProblemReason {
    match (error.code(), may_lack) {
        (ErrorCode::NotFound, true) => TagProblemReason::NotHere(oid.to_string()),
        (ErrorCode::NotFound, false) => TagProblemReason::Dangling(oid.to_string()),
        _ => TagProblemReason::Damaged(format!("{oid}: {}", error.message())),
    }
}
