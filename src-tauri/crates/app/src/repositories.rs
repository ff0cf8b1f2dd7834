//! The clones that a person bound to the services' repositories: tags, versions, commits.
//!
//! Everything here blocks: callers keep it off the async threads.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::ids::ServiceName;
use domain::release::{Release, Tag};
use domain::version::{TagMatch, TagPattern, Version};
use domain::workspace::{Service, Workspace};
use git::{GitError, Repository, TagList, TagScanner};
use wire::{ErrorCode, WireError};

use crate::error::Answer;

/// The tags of a service, told apart by its pattern.
#[derive(Debug, Clone, Default)]
pub struct ServiceTags {
    /// Newest version first.
    pub releases: Vec<Release>,
    /// Tags that are no version of any service, newest first.
    pub unversioned: Vec<Tag>,
    /// Tags that could not be read.
    pub problems: usize,
}

impl ServiceTags {
    /// Tells the tags of one repository apart.
    pub fn of(list: &TagList, pattern: &TagPattern, service: &str) -> Self {
        let mut tags = Self {
            problems: list.problems.len(),
            ..Self::default()
        };
        for tag in &list.tags {
            match pattern.match_tag(tag.name.as_str(), service) {
                TagMatch::Version(version) => tags.releases.push(Release {
                    version,
                    tag: tag.clone(),
                }),
                TagMatch::Unversioned => tags.unversioned.push(tag.clone()),
                TagMatch::Foreign => {}
            }
        }
        tags.releases.sort_by(|a, b| b.version.cmp(&a.version));
        tags.unversioned.sort_by_key(|tag| std::cmp::Reverse(tag.date));
        tags
    }

    /// The release of that version.
    pub fn release(&self, version: &Version) -> Option<&Release> {
        self.releases.iter().find(|release| &release.version == version)
    }

    /// The release or unversioned tag that this label names.
    pub fn tag(&self, label: &str) -> Option<&Tag> {
        let release = label.parse().ok().and_then(|version| self.release(&version));
        release
            .map(|release| &release.tag)
            .or_else(|| self.unversioned.iter().find(|tag| tag.name.as_str() == label))
    }

    /// The releases above one label up to another, lowest first: full ones, and the upper one. None where either is no
    /// version.
    pub fn between(&self, above: &str, to: &str) -> Vec<&Release> {
        let (Ok(above), Ok(to)) = (above.parse::<Version>(), to.parse::<Version>()) else {
            return Vec::new();
        };
        let within = |version: &Version| *version > above && *version <= to;
        self.releases
            .iter()
            .rev()
            .filter(|release| within(&release.version))
            .filter(|release| release.version == to || !release.version.is_pre_release())
            .collect()
    }

    /// The release before that one: the newest lower one, skipping pre-releases before a full release.
    pub fn before(&self, version: &Version) -> Option<&Release> {
        self.releases
            .iter()
            .filter(|release| release.version < *version)
            .find(|release| version.is_pre_release() || !release.version.is_pre_release())
    }
}

/// Writes clones into their folders; blocks. `Err` says what went wrong.
#[derive(Clone)]
pub struct WriteClones(pub Arc<dyn Fn() -> Result<(), String> + Send + Sync>);

impl std::fmt::Debug for WriteClones {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WriteClones")
    }
}

/// Clones by the identities of their repositories. The demo's are written when the first of them is read, so that
/// its timeline needs not wait for them.
#[derive(Debug, Default)]
pub(crate) struct Clones {
    paths: HashMap<String, PathBuf>,
    write: Option<WriteClones>,
    written: OnceLock<()>,
}

impl Clones {
    /// Clones that are there.
    pub fn there(paths: HashMap<String, PathBuf>) -> Self {
        Self {
            paths,
            ..Self::default()
        }
    }

    /// Clones that are written when the first of them is read.
    pub fn written_when_read(paths: HashMap<String, PathBuf>, write: WriteClones) -> Self {
        Self {
            paths,
            write: Some(write),
            ..Self::default()
        }
    }

    /// Where a repository's clone is, or will be.
    pub fn path(&self, repository: &str) -> Option<&Path> {
        self.paths.get(repository).map(PathBuf::as_path)
    }

    /// Has them written no more, and waits for the end of it where that has begun; blocks.
    fn abandon(&self) {
        self.written.get_or_init(|| ());
    }

    /// Waits until they are there; blocks.
    fn ready(&self) {
        self.written.get_or_init(|| {
            if let Some(WriteClones(write)) = &self.write
                && let Err(problem) = write()
            {
                tracing::error!(problem, "the clones could not be written");
            }
        });
    }
}

/// The bound clones of a workspace.
#[derive(Debug, Default)]
pub struct Repositories {
    all: Arc<Clones>,
    clones: HashMap<ServiceName, Clone>,
}

#[derive(Debug)]
struct Clone {
    path: PathBuf,
    pattern: TagPattern,
    scanner: Mutex<Option<TagScanner>>,
    told_apart: Mutex<Option<(Arc<TagList>, Arc<ServiceTags>)>>,
}

impl Repositories {
    /// The clones that are bound, by the identity of the service's repository.
    pub(crate) fn new(workspace: &Workspace, all: Arc<Clones>) -> Self {
        let clone = |service: &Service| {
            let path = all.path(service.repository.as_deref()?)?;
            let clone = Clone {
                path: path.to_owned(),
                pattern: service.tags.clone(),
                scanner: Mutex::default(),
                told_apart: Mutex::default(),
            };
            Some((service.name.clone(), clone))
        };
        Self {
            clones: workspace.services.iter().filter_map(clone).collect(),
            all,
        }
    }

    /// Waits until the clones are there; blocks.
    pub(crate) fn ready(&self) {
        self.all.ready();
    }

    /// Nobody reads them any more: what is not written yet never will be; blocks while it is being written.
    pub(crate) fn abandon(&self) {
        self.all.abandon();
    }

    /// The clone's folder.
    pub fn path(&self, service: &ServiceName) -> Option<&Path> {
        self.clones.get(service).map(|clone| clone.path.as_path())
    }

    /// Every clone once, however many services live in it.
    pub fn paths(&self) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = self.clones.values().map(|clone| clone.path.clone()).collect();
        paths.sort();
        paths.dedup();
        paths
    }

    /// The service's tags as they are now. Nothing is read when no reference moved.
    pub fn tags(&self, service: &ServiceName) -> Answer<Arc<ServiceTags>> {
        let clone = self.clone_of(service)?;
        let list = clone.scan().map_err(crate::error::git)?;
        let mut told_apart = clone.told_apart.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, tags)) = told_apart.as_ref()
            && Arc::ptr_eq(of, &list)
        {
            return Ok(Arc::clone(tags));
        }
        let tags = Arc::new(ServiceTags::of(&list, &clone.pattern, service.as_str()));
        *told_apart = Some((list, Arc::clone(&tags)));
        Ok(tags)
    }

    /// Opens the clone to read commits and files.
    pub fn open(&self, service: &ServiceName) -> Answer<Repository> {
        let clone = self.clone_of(service)?;
        Repository::open(&clone.path).map_err(crate::error::git)
    }

    fn clone_of(&self, service: &ServiceName) -> Answer<&Clone> {
        self.ready();
        self.clones.get(service).ok_or_else(|| {
            WireError::new(
                ErrorCode::RepositoryNotBound,
                format!("no clone is bound to {service}"),
            )
            .with("service", service)
        })
    }
}

impl Clone {
    fn scan(&self) -> Result<Arc<TagList>, GitError> {
        let mut scanner = self.scanner.lock().unwrap_or_else(PoisonError::into_inner);
        if scanner.is_none() {
            *scanner = Some(TagScanner::new(&self.path)?);
        }
        let scanning = scanner.as_mut().expect("because it was made above");
        let result = scanning.scan();
        if result.is_err() {
            // The next look opens the repository anew: it may be another one by then.
            *scanner = None;
        }
        result
    }
}
