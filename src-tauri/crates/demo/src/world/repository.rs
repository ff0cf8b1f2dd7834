//! Real Git repositories: every planned commit and tag, written by `git2` into a bare repository.
//!
//! Objects are collected in memory and written as one pack, and tags as packed references: thousands of
//! small files would take a slow disk longer than a person waits for a demo.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use git2::{FileMode, ObjectType, Oid, Repository, RepositoryInitOptions, Signature, Time};

use super::WorldError;
use super::commits::{CommitKind, PlannedCommit, release_message};
use super::people::Person;
use super::profile::Profile;
use super::releases::PlannedRelease;

/// Files by folder (empty: the top) and name.
type Tree = BTreeMap<String, BTreeMap<String, Oid>>;

/// Where the repository of a service lies under `folder`.
pub(crate) fn path(profile: &Profile, folder: &Path) -> PathBuf {
    folder.join(format!("{}.git", profile.name))
}

/// Writes the repository of a service under `folder`.
pub(crate) fn write(profile: &Profile, releases: &[PlannedRelease], folder: &Path) -> Result<(), WorldError> {
    let path = path(profile, folder);
    write_at(profile, releases, &path).map_err(|source| WorldError::Git { path, source })
}

fn write_at(profile: &Profile, releases: &[PlannedRelease], path: &Path) -> Result<(), git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options
        .bare(true)
        .no_reinit(true)
        .external_template(false)
        .initial_head("main");
    let repository = Repository::init_opts(path, &options)?;
    let odb = repository.odb()?;
    // Above the priorities of libgit2's own backends (loose 1, packed 2): everything written goes there.
    let memory = odb.add_new_mempack_backend(1000)?;
    let mut writer = Writer {
        repository: &repository,
        profile,
        files: Tree::new(),
        folders: BTreeMap::new(),
        head: None,
        commits: 0,
        objects: Vec::new(),
        references: BTreeMap::new(),
    };
    writer.begin(releases)?;
    for release in releases {
        for commit in &release.commits {
            writer.commit(commit, &release.version)?;
        }
        writer.tag(release)?;
    }
    writer.finish()?;
    let Writer {
        objects, references, ..
    } = writer;
    let mut pack = repository.packbuilder()?;
    pack.set_threads(1);
    for object in objects {
        pack.insert_object(object, None)?;
    }
    pack.write(&path.join("objects/pack"), 0o644)?;
    drop(pack);
    memory.reset()?;
    write_references(path, &references)
}

/// A reference's object, and for an annotated tag the commit that it leads to.
type Reference = (Oid, Option<Oid>);

/// All references as Git's own `packed-refs` file (gitformat: `git help pack-refs`).
fn write_references(path: &Path, references: &BTreeMap<String, Reference>) -> Result<(), git2::Error> {
    let mut text = "# pack-refs with: peeled fully-peeled sorted \n".to_owned();
    for (name, (object, peeled)) in references {
        text.push_str(&format!("{object} {name}\n"));
        if let Some(peeled) = peeled {
            text.push_str(&format!("^{peeled}\n"));
        }
    }
    std::fs::write(path.join("packed-refs"), text).map_err(|error| git2::Error::from_str(&error.to_string()))
}

struct Writer<'w> {
    repository: &'w Repository,
    profile: &'w Profile,
    files: Tree,
    /// Trees of folders that did not change since they were written.
    folders: BTreeMap<String, Oid>,
    head: Option<Oid>,
    commits: usize,
    /// All that was written, for the pack.
    objects: Vec<Oid>,
    references: BTreeMap<String, Reference>,
}

impl Writer<'_> {
    /// The first commit: what a service looks like on its first day.
    fn begin(&mut self, releases: &[PlannedRelease]) -> Result<(), git2::Error> {
        let Some(first) = releases.first().and_then(|release| release.commits.first()) else {
            return Ok(());
        };
        let name = self.profile.name;
        let readme = format!(
            "# {name}\n\nA service of Harbor retail, kept by team {}.\n",
            self.profile.team
        );
        self.put("README.md", &readme)?;
        self.put(
            "Dockerfile",
            &format!("FROM base/rust:1\nCOPY target/{name} /{name}\nENTRYPOINT [\"/{name}\"]\n"),
        )?;
        self.put(
            "src/main.rs",
            &format!("//! {name}.\n\nfn main() {{\n    {name}::run();\n}}\n"),
        )?;
        self.put(
            "config/default.yaml",
            "log:\n  level: info\nserver:\n  port: 8080\n",
        )?;
        self.put("api/openapi.yaml", &self.contract("0.1.0", 0))?;
        self.put("tidemark.service.toml", &self.declaration())?;
        if matches!(name, "checkout") {
            for number in [55, 56, 57] {
                let sql = format!("ALTER TABLE orders ADD COLUMN note_{number} TEXT;\n");
                self.put(&format!("migrations/V{number}__note_{number}.sql"), &sql)?;
            }
        }
        let at = first.at - chrono::Duration::days(1);
        self.write_commit(first.author, at, &format!("Begin {name}"))
    }

    fn declaration(&self) -> String {
        let mut text = "[[provides]]\nkind = \"openapi\"\npath = \"api/openapi.yaml\"\n".to_owned();
        for other in self.profile.depends_on {
            text.push_str(&format!(
                "\n[[consumes]]\nservice = \"{other}\"\nversion = \"*\"\n"
            ));
        }
        text
    }

    /// The contract grows by a field with every feature.
    fn contract(&self, version: &str, fields: usize) -> String {
        let noun = self.profile.nouns[0].replace(' ', "-").to_lowercase();
        let mut text = format!(
            "openapi: 3.0.3\ninfo:\n  title: {}\n  version: {version}\npaths:\n  /v1/{noun}:\n    get:\n      responses:\n        \"200\":\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: \"#/components/schemas/Item\"\ncomponents:\n  schemas:\n    Item:\n      type: object\n      properties:\n        id:\n          type: string\n",
            self.profile.name
        );
        for number in 1..=fields {
            text.push_str(&format!("        field{number}:\n          type: string\n"));
        }
        text
    }

    fn commit(&mut self, commit: &PlannedCommit, version: &str) -> Result<(), git2::Error> {
        self.commits += 1;
        let subject = commit.message.lines().next().unwrap_or("");
        let noun = self.profile.nouns[self.commits % 6]
            .replace([' ', '-'], "_")
            .to_lowercase();
        let module = format!("src/{noun}.rs");
        match commit.kind {
            CommitKind::Feature => {
                let fields = self.commits;
                let contract = self.contract(version.split('-').next().unwrap_or(version), fields);
                self.put("api/openapi.yaml", &contract)?;
                self.append(
                    &module,
                    &format!("\n/// {subject}\npub fn step_{fields}() -> bool {{\n    true\n}}\n"),
                )?;
            }
            CommitKind::Fix => {
                self.append(
                    &module,
                    &format!("\n// {subject}\nconst CHECKED_{}: bool = true;\n", self.commits),
                )?;
            }
            CommitKind::Other if subject.contains("dependenc") => {
                self.put(
                    "Cargo.lock",
                    &format!("# {} packages\nversion = {}\n", 200 + self.commits, self.commits),
                )?;
            }
            CommitKind::Other if subject.contains("ests") => {
                self.append(
                    &format!("tests/{noun}.rs"),
                    &format!("\n#[test]\nfn case_{}() {{}}\n", self.commits),
                )?;
            }
            CommitKind::Other => {
                self.append("config/default.yaml", &format!("# {subject}\n"))?;
            }
        }
        if let Some((path, content)) = &commit.adds {
            self.put(path, content)?;
        }
        self.write_commit(commit.author, commit.at, &commit.message)
    }

    fn put(&mut self, path: &str, content: &str) -> Result<(), git2::Error> {
        let blob = self.repository.blob(content.as_bytes())?;
        self.objects.push(blob);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.files
            .entry(folder.to_owned())
            .or_default()
            .insert(name.to_owned(), blob);
        self.folders.remove(folder);
        Ok(())
    }

    fn append(&mut self, path: &str, more: &str) -> Result<(), git2::Error> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let before = match self.files.get(folder).and_then(|files| files.get(name)) {
            Some(blob) => self.repository.find_blob(*blob)?.content().to_vec(),
            None => format!("//! {}\n", name.trim_end_matches(".rs")).into_bytes(),
        };
        let text = format!("{}{more}", String::from_utf8_lossy(&before));
        self.put(path, &text)
    }

    fn write_commit(&mut self, author: &Person, at: DateTime<Utc>, message: &str) -> Result<(), git2::Error> {
        let tree = self.write_tree()?;
        let tree = self.repository.find_tree(tree)?;
        let signature = signature(author, at)?;
        let parent = self
            .head
            .map(|head| self.repository.find_commit(head))
            .transpose()?;
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        let head = self
            .repository
            .commit(None, &signature, &signature, message, &tree, &parents)?;
        self.objects.push(head);
        self.head = Some(head);
        Ok(())
    }

    fn write_tree(&mut self) -> Result<Oid, git2::Error> {
        let mut top = self.repository.treebuilder(None)?;
        for (folder, files) in &self.files {
            if folder.is_empty() {
                for (name, blob) in files {
                    top.insert(name, *blob, FileMode::Blob.into())?;
                }
                continue;
            }
            let written = match self.folders.get(folder) {
                Some(written) => *written,
                None => {
                    let mut inner = self.repository.treebuilder(None)?;
                    for (name, blob) in files {
                        inner.insert(name, *blob, FileMode::Blob.into())?;
                    }
                    let written = inner.write()?;
                    self.objects.push(written);
                    written
                }
            };
            self.folders.insert(folder.clone(), written);
            top.insert(folder, written, FileMode::Tree.into())?;
        }
        let written = top.write()?;
        self.objects.push(written);
        Ok(written)
    }

    fn tag(&mut self, release: &PlannedRelease) -> Result<(), git2::Error> {
        let Some(head) = self.head else { return Ok(()) };
        let commit = self.repository.find_object(head, Some(ObjectType::Commit))?;
        let author = release
            .commits
            .last()
            .map_or(&super::people::PEOPLE[0], |commit| commit.author);
        let message = release_message(self.profile, &release.version, &release.commits);
        let tagger = signature(author, release.at)?;
        let name = format!("v{}", release.version);
        let tag = self
            .repository
            .tag_annotation_create(&name, &commit, &tagger, &message)?;
        self.objects.push(tag);
        self.references
            .insert(format!("refs/tags/{name}"), (tag, Some(head)));
        Ok(())
    }

    /// The branch, and in one repository a tag that is no version, as some pipelines leave them.
    fn finish(&mut self) -> Result<(), git2::Error> {
        let Some(head) = self.head else { return Ok(()) };
        self.references.insert("refs/heads/main".to_owned(), (head, None));
        if self.profile.name == "search" {
            self.references
                .insert("refs/tags/nightly".to_owned(), (head, None));
        }
        Ok(())
    }
}

fn signature(person: &Person, at: DateTime<Utc>) -> Result<Signature<'static>, git2::Error> {
    Signature::new(person.name, person.email, &Time::new(at.timestamp(), 60))
}
