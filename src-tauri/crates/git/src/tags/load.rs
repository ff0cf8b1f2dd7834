//! Reads tag objects and the commits that they lead to, on several threads when there are many.

use std::num::NonZero;
use std::thread;

use chrono::{DateTime, Utc};
use domain::release::{Signature, TagKind};
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

/// The object that a tag's name points to, and what Git wrote down that it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted {
    pub oid: Oid,
    pub peeled: Option<Oid>,
}

/// What a tag's object leads to, and what is shown of it.
#[derive(Debug)]
pub(super) struct Peeled {
    pub kind: TagKind,
    pub commit: Oid,
    pub facts: Facts,
}

/// What the outermost tag object says, or the commit where there is none.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub date: DateTime<Utc>,
    pub subject: String,
    pub body: String,
    pub tagger: Option<Signature>,
}

pub(super) enum Loaded {
    Peeled(Peeled),
    Failed(TagProblemReason),
}

/// Reads all of `wanted`. Only failures that concern the whole repository are errors.
pub(super) fn load(repository: &Repository, wanted: &[Wanted]) -> Result<Vec<(Oid, Loaded)>, GitError> {
    let threads = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(MOST_THREADS);
    let threads = threads.min(wanted.len() / WORTH_A_THREAD).max(1);
    let shares: Vec<&[Wanted]> = wanted.chunks(wanted.len().div_ceil(threads).max(1)).collect();
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

fn load_share(repository: &Repository, wanted: &[Wanted]) -> Result<Vec<(Oid, Loaded)>, GitError> {
    let odb = repository
        .git
        .odb()
        .map_err(|error| repository.unreadable("the object database", &error))?;
    let may_lack = repository.may_lack_objects();
    Ok(wanted
        .iter()
        .map(|wanted| (wanted.oid, peel(&odb, may_lack, wanted)))
        .collect())
}

fn peel(odb: &Odb<'_>, may_lack: bool, wanted: &Wanted) -> Loaded {
    peel_chain(odb, wanted).map_or_else(
        |failure| match failure {
            Failure::Read(oid, error) => Loaded::Failed(missing(oid, may_lack, &error)),
            Failure::Found(reason) => Loaded::Failed(reason),
        },
        Loaded::Peeled,
    )
}

enum Failure {
    Read(Oid, git2::Error),
    Found(TagProblemReason),
}

fn peel_chain(odb: &Odb<'_>, wanted: &Wanted) -> Result<Peeled, Failure> {
    let mut outermost = None;
    let mut oid = wanted.oid;
    for depth in 0..DEEPEST {
        // The commit of an annotated tag need only be there: what is shown stands in the tag, and
        // reading the commits of thousands of tags would take as long as the tags.
        let kind = match &outermost {
            None => None,
            // Git followed the tag to this commit when it packed the reference.
            Some(TagFacts {
                tags_a_commit: true,
                target,
                ..
            }) if wanted.peeled == Some(*target) => Some(ObjectType::Commit),
            Some(_) => Some(odb.read_header(oid).map_err(|error| Failure::Read(oid, error))?.1),
        };
        if kind == Some(ObjectType::Commit) {
            return facts_of_tag(odb, oid, outermost).map(|facts| Peeled {
                kind: tag_kind(depth),
                commit: oid,
                facts,
            });
        }
        let object = odb.read(oid).map_err(|error| Failure::Read(oid, error))?;
        match object.kind() {
            ObjectType::Commit => {
                let facts = facts_of_commit(object.data());
                return Ok(Peeled {
                    kind: tag_kind(depth),
                    commit: oid,
                    facts,
                });
            }
            ObjectType::Tag => {
                let facts = parse_tag(object.data()).ok_or_else(|| {
                    Failure::Found(TagProblemReason::Damaged(format!(
                        "tag object {oid} names nothing"
                    )))
                })?;
                oid = facts.target;
                outermost.get_or_insert(facts);
            }
            other @ (ObjectType::Tree | ObjectType::Blob | ObjectType::Any) => {
                return Err(Failure::Found(TagProblemReason::NotACommit(
                    other.str().to_owned(),
                )));
            }
        }
    }
    let reason = format!("more than {DEEPEST} tag objects follow one another");
    Err(Failure::Found(TagProblemReason::Damaged(reason)))
}

fn tag_kind(depth: u32) -> TagKind {
    match depth {
        0 => TagKind::Lightweight,
        1 => TagKind::Annotated,
        depth => TagKind::Nested { depth },
    }
}

fn facts_of_commit(data: &[u8]) -> Facts {
    let CommitFacts {
        committer_date,
        subject,
        ..
    } = parse_commit(data);
    Facts {
        date: committer_date,
        subject,
        body: String::new(),
        tagger: None,
    }
}

/// A tag without a tagger has no date of its own; its commit's stands in.
fn facts_of_tag(odb: &Odb<'_>, commit: Oid, tag: Option<TagFacts>) -> Result<Facts, Failure> {
    let read = || odb.read(commit).map_err(|error| Failure::Read(commit, error));
    match tag {
        Some(TagFacts {
            tagger: Some((tagger, date)),
            subject,
            body,
            ..
        }) => Ok(Facts {
            date,
            subject,
            body,
            tagger: Some(tagger),
        }),
        Some(TagFacts {
            tagger: None,
            subject,
            body,
            ..
        }) => {
            let date = facts_of_commit(read()?.data()).date;
            Ok(Facts {
                date,
                subject,
                body,
                tagger: None,
            })
        }
        None => Ok(facts_of_commit(read()?.data())),
    }
}

fn missing(oid: Oid, may_lack: bool, error: &git2::Error) -> TagProblemReason {
    match (error.code(), may_lack) {
        (ErrorCode::NotFound, true) => TagProblemReason::NotHere(oid.to_string()),
        (ErrorCode::NotFound, false) => TagProblemReason::Dangling(oid.to_string()),
        _ => TagProblemReason::Damaged(format!("{oid}: {}", error.message())),
    }
}
