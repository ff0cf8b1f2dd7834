//! The sample world "Harbor retail": fourteen services with their repositories, the clusters that they
//! run in, and three months of what happened.
//!
//! Made from a seed and a "now": the same two give the same world, and what the pictures and the guide
//! show happened in the hours before now. Versions in Git, in the clusters and in the past agree.

mod commits;
mod dice;
mod history;
mod ledger;
mod objects;
mod people;
mod profile;
mod releases;
mod repository;
mod surroundings;
mod templates;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

pub use ledger::{PastConfigMap, PastDeployment};

use crate::cluster::{Account, DemoCluster, ImageBehaviour, Options};
use history::Lane;
use profile::{PROFILES, Place, Profile};
use releases::PlannedRelease;

/// The world could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// A folder or file of it.
    #[error("could not write {path} of the demo world: {source}", path = path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A repository of it.
    #[error("could not write the demo repository {path}: {source}", path = path.display())]
    Git {
        /// Which one.
        path: PathBuf,
        /// What libgit2 said.
        source: git2::Error,
    },
}

/// A repository of the demo: its identity in the workspace file, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoRepository {
    /// The service.
    pub service: String,
    /// As `tidemark.toml` names it.
    pub identity: String,
    /// The bare repository.
    pub path: PathBuf,
}

/// A release note that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoNote {
    /// The service.
    pub service: String,
    /// The version, without `v`.
    pub version: String,
    /// Markdown.
    pub text: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// All of it. [`World::write`] writes what lies on disk, [`World::clusters`] starts the clusters.
#[derive(Debug)]
pub struct World {
    /// The text of the `tidemark.toml`.
    pub workspace: String,
    /// Three months, lane by lane, oldest first in each.
    pub deployments: Vec<PastDeployment>,
    /// Notes on most releases.
    pub notes: Vec<DemoNote>,
    /// Until when the ledger saw what happened: the demo's now.
    pub now: DateTime<Utc>,
    plans: Vec<ServicePlan>,
}

#[derive(Debug)]
struct ServicePlan {
    profile: &'static Profile,
    releases: Vec<PlannedRelease>,
    lanes: Vec<Lane>,
}

/// The folder of the repositories.
const REPOSITORIES: &str = "repositories";

/// The name of the demo's workspace.
pub const WORKSPACE_NAME: &str = "Harbor retail";

impl World {
    /// Thinks the world out; nothing is written.
    pub fn plan(now: DateTime<Utc>, seed: u64) -> Self {
        let plans = plan(now, seed);
        let mut deployments = Vec::new();
        for plan in &plans {
            for lane in plan
                .lanes
                .iter()
                .filter(|lane| !ledger::is_unwritten(plan.profile, lane.place))
            {
                ledger::write(plan.profile, lane, &mut deployments);
            }
        }
        let notes = plans.iter().flat_map(notes).collect();
        Self {
            workspace: workspace_text(),
            deployments,
            notes,
            now,
            plans,
        }
    }

    /// The repositories, one a service, as [`World::write`] lays them into `folder`.
    pub fn repositories(&self, folder: &Path) -> Vec<DemoRepository> {
        self.plans
            .iter()
            .map(|plan| DemoRepository {
                service: plan.profile.name.to_owned(),
                identity: identity(plan.profile.name),
                path: repository::path(plan.profile, &folder.join(REPOSITORIES)),
            })
            .collect()
    }

    /// Writes repositories and the workspace file into `folder`, which must not have any yet.
    ///
    /// # Errors
    /// [`WorldError`] with the path that could not be written; what was written before stays.
    pub fn write(&self, folder: &Path) -> Result<(), WorldError> {
        let repositories = folder.join(REPOSITORIES);
        let unwritten = |path: &Path, source| WorldError::Write {
            path: path.to_owned(),
            source,
        };
        std::fs::create_dir_all(&repositories).map_err(|source| unwritten(&repositories, source))?;
        write_repositories(&self.plans, &repositories)?;
        let file = folder.join("tidemark.toml");
        std::fs::write(&file, &self.workspace).map_err(|source| unwritten(&file, source))
    }

    /// Starts the three clusters, each with what runs in it now. Their names are those of the workspace file.
    /// Only the one of prod-eu can have Argo CD.
    ///
    /// # Panics
    /// Outside a Tokio runtime: the controllers run there.
    pub fn clusters(&self, options: &Options) -> Vec<DemoCluster> {
        Place::ALL
            .into_iter()
            .map(|place| self.cluster(place, options))
            .collect()
    }

    /// The account that the demo's clients use: the release manager's.
    pub fn account() -> Account {
        Account::named(people::ACCOUNT, &[people::GROUP])
    }

    fn cluster(&self, place: Place, options: &Options) -> DemoCluster {
        let argo_cd = options.argo_cd && place == Place::ProdEu;
        let cluster = DemoCluster::start(
            place.cluster(),
            Options {
                argo_cd,
                ..options.clone()
            },
        );
        let behaviours = [
            (Place::ProdEu, "money/payments:1.42.0", ImageBehaviour::PullFails),
            (Place::ProdUs, "shop/checkout:2.4.1", ImageBehaviour::Slow),
        ];
        for (_, image, behaviour) in behaviours.into_iter().filter(|(there, _, _)| *there == place) {
            cluster.set_image(image, behaviour);
        }
        let mut objects = surroundings::ground(place, &self.images(place), self.now);
        for plan in &self.plans {
            for lane in plan.lanes.iter().filter(|lane| lane.place == place) {
                objects.extend(objects::of_lane(plan.profile, lane, self.now));
            }
        }
        cluster
            .load(objects)
            .expect("because objects.rs writes kinds that the cluster serves");
        cluster
    }

    /// The images that ran there lately, which nodes keep: of each service the last three versions that settled.
    fn images(&self, place: Place) -> Vec<String> {
        let mut images = Vec::new();
        for plan in &self.plans {
            for lane in plan.lanes.iter().filter(|lane| lane.place == place) {
                let ran = lane.events.iter().rev().filter(|event| {
                    !matches!(
                        event.outcome,
                        history::Outcome::Failed(_) | history::Outcome::Open
                    )
                });
                let mut versions: Vec<&str> = Vec::new();
                for event in ran {
                    if !versions.contains(&event.version.as_str()) {
                        versions.push(&event.version);
                    }
                }
                images.extend(
                    versions
                        .into_iter()
                        .take(3)
                        .map(|version| format!("{}:{version}", plan.profile.image())),
                );
            }
        }
        images
    }
}

fn plan(now: DateTime<Utc>, seed: u64) -> Vec<ServicePlan> {
    PROFILES
        .iter()
        .map(|profile| {
            let releases = releases::plan(profile, now, seed);
            let lanes = Place::ALL
                .into_iter()
                .map(|place| history::lane(profile, place, &releases, now, seed))
                .collect();
            ServicePlan {
                profile,
                releases,
                lanes,
            }
        })
        .collect()
}

/// Each repository by itself, as many at once as the machine has cores.
fn write_repositories(plans: &[ServicePlan], folder: &Path) -> Result<(), WorldError> {
    let workers = std::thread::available_parallelism()
        .map_or(2, std::num::NonZero::get)
        .min(plans.len().max(1));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        while let Some(plan) = plans.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            repository::write(plan.profile, &plan.releases, folder)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        handles.into_iter().try_for_each(|handle| {
            handle
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

fn identity(service: &str) -> String {
    format!("https://git.example/harbor/{service}.git")
}

fn notes(plan: &ServicePlan) -> Vec<DemoNote> {
    plan.releases
        .iter()
        .filter(|release| !release.is_pre_release() && !release.commits.is_empty())
        .map(|release| {
            let message = commits::release_message(plan.profile, &release.version, &release.commits);
            let body: Vec<String> = message
                .lines()
                .skip(1)
                .map(|line| {
                    if matches!(line, "New" | "Fixed") {
                        format!("## {line}")
                    } else {
                        line.to_owned()
                    }
                })
                .collect();
            let title = release
                .commits
                .first()
                .map_or("", |commit| commit.message.as_str());
            let author = release.commits.last().map_or("", |commit| commit.author.name);
            let operators = operators(plan.profile.name, &release.version);
            DemoNote {
                service: plan.profile.name.to_owned(),
                version: release.version.clone(),
                text: format!("# {}\n{}\n{operators}", commits::plain(title), body.join("\n")),
                author: author.to_owned(),
                at: release.at,
            }
        })
        .collect()
}

fn operators(service: &str, version: &str) -> &'static str {
    match (service, version) {
        ("checkout", "2.4.0") => {
            "\n## For operators\n\n- Migration 58 adds `orders.gift_note`, nullable\n- `PRICING_TIMEOUT_MS` is 800, was 2000\n- The memory limit is 768 MiB, was 512 MiB\n"
        }
        ("payments", "1.42.0") => {
            "\n## For operators\n\n- `SETTLEMENT_MODE` is new: `ledger`\n- `REFUND_BATCH` is new: 50\n"
        }
        _ => "",
    }
}

fn workspace_text() -> String {
    let mut text = format!("format = 1\nname = \"{WORKSPACE_NAME}\"\ntime-zone = \"Europe/Berlin\"\n");
    for (place, tier, guard) in [
        (Place::ProdEu, "production", true),
        (Place::ProdUs, "production", true),
        (Place::Staging, "staging", false),
    ] {
        let namespaces = match place {
            Place::Staging => "[\"shop\"]",
            Place::ProdEu | Place::ProdUs => "[\"shop\", \"money-*\"]",
        };
        text.push_str(&format!(
            "\n[[environment]]\nname = \"{}\"\ntier = \"{tier}\"\n",
            place.environment()
        ));
        if guard {
            text.push_str("guard = true\n");
        }
        text.push_str(&format!(
            "cluster = \"{}\"\nnamespaces = {namespaces}\nverify = {{ window = \"20s\" }}\nknown-good = {{ after = \"24h\" }}\n",
            place.cluster()
        ));
    }
    for profile in &PROFILES {
        text.push_str(&format!(
            "\n[[service]]\nname = \"{}\"\nteam = \"{}\"\nrepository = \"{}\"\n",
            profile.name,
            profile.team,
            identity(profile.name)
        ));
        if !profile.depends_on.is_empty() {
            let names: Vec<String> = profile
                .depends_on
                .iter()
                .map(|name| format!("\"{name}\""))
                .collect();
            text.push_str(&format!("depends-on = [{}]\n", names.join(", ")));
        }
    }
    text.push_str(
        "\n[notes]\nissue-link = { pattern = \"((?:PAY|SHOP|ID|PLAT|DISC|SHIP)-\\\\d+)\", url = \"https://issues.example/$1\" }\n",
    );
    text
}
