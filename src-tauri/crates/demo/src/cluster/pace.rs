//! How fast the demo cluster lives: what its clock says, how long its kubelets take, and how its
//! images behave. Tests make it quick; the app lets a rollout take some ten to twenty seconds.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// Tells the cluster's time.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How long things take that a kubelet or a controller does. Seconds that the API itself names
/// (`progressDeadlineSeconds`, `minReadySeconds`) are never scaled: they are real seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between a write and the controllers' look at it: the lag of `observedGeneration`.
    pub sync: Duration,
    /// Until a pod has a node.
    pub schedule: Duration,
    /// Until its image is there and its containers run.
    pub pull: Duration,
    /// Until its readiness probe passes.
    pub ready: Duration,
    /// Until a pod that was deleted is gone.
    pub terminate: Duration,
    /// Between two tries of a container that fails.
    pub back_off: Duration,
    /// Between two bookmarks of a quiet watch.
    pub bookmark: Duration,
    /// Between two looks of the autoscalers; `None`: they only keep within their bounds.
    pub autoscale: Option<Duration>,
}

impl Pace {
    /// As the app shows it: a rollout of six pods takes some fifteen seconds.
    pub fn lifelike() -> Self {
        Self {
            sync: Duration::from_millis(250),
            schedule: Duration::from_millis(300),
            pull: Duration::from_millis(2_400),
            ready: Duration::from_millis(3_400),
            terminate: Duration::from_millis(1_200),
            back_off: Duration::from_secs(12),
            bookmark: Duration::from_secs(20),
            autoscale: Some(Duration::from_secs(90)),
        }
    }

    /// For tests: a rollout takes some tenths of a second, and autoscalers keep still.
    pub fn quick() -> Self {
        Self {
            sync: Duration::from_millis(15),
            schedule: Duration::from_millis(10),
            pull: Duration::from_millis(40),
            ready: Duration::from_millis(60),
            terminate: Duration::from_millis(40),
            back_off: Duration::from_millis(400),
            bookmark: Duration::from_millis(500),
            autoscale: None,
        }
    }
}

/// What becomes of a container with a certain image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageBehaviour {
    /// It is pulled, runs and becomes ready.
    Runs,
    /// The registry doesn't have it: `ErrImagePull`, `ImagePullBackOff`.
    PullFails,
    /// Its name can't be read: `InvalidImageName`.
    InvalidName,
    /// Its configuration is wrong: `CreateContainerConfigError`.
    ConfigFails,
    /// It ends with an error soon after each start: `CrashLoopBackOff`.
    Crashes,
    /// It runs, and its readiness probe never passes.
    NeverReady,
    /// As `Runs`, ten times as slow.
    Slow,
}

/// The behaviour of images, by words that their references contain or end with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Images {
    named: Vec<(String, ImageBehaviour)>,
}

impl Images {
    /// What becomes of that image. The endings are the ones that the tests' real control plane plays, too.
    pub fn behaviour(&self, image: &str) -> ImageBehaviour {
        if let Some((_, behaviour)) = self.named.iter().rev().find(|(name, _)| name == image) {
            return *behaviour;
        }
        for (ending, behaviour) in [
            ("-pullfail", ImageBehaviour::PullFails),
            ("-configerror", ImageBehaviour::ConfigFails),
            ("-crash", ImageBehaviour::Crashes),
            ("-crashloop", ImageBehaviour::Crashes),
            ("-notready", ImageBehaviour::NeverReady),
            ("-neverready", ImageBehaviour::NeverReady),
            ("-slow", ImageBehaviour::Slow),
        ] {
            if image.ends_with(ending) {
                return behaviour;
            }
        }
        if image
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_ascii_uppercase() && !image.contains(':'))
        {
            return ImageBehaviour::InvalidName;
        }
        ImageBehaviour::Runs
    }

    /// From now on, that image behaves so.
    pub fn name(&mut self, image: &str, behaviour: ImageBehaviour) {
        self.named.retain(|(name, _)| name != image);
        self.named.push((image.to_owned(), behaviour));
    }
}

/// How one cluster is made.
#[derive(Clone)]
pub struct Options {
    /// How long things take.
    pub pace: Pace,
    /// The cluster's own clock, which can be wrong.
    pub now: Now,
    /// Names and uids follow from it.
    pub seed: u64,
    /// Nodes that are there from the start.
    pub nodes: usize,
    /// Argo CD's CustomResourceDefinition is installed.
    pub argo_cd: bool,
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("pace", &self.pace)
            .field("seed", &self.seed)
            .field("nodes", &self.nodes)
            .field("argo_cd", &self.argo_cd)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// As the app uses it.
    pub fn lifelike() -> Self {
        Self {
            pace: Pace::lifelike(),
            ..Self::quick()
        }
    }

    /// As tests use it.
    pub fn quick() -> Self {
        Self {
            pace: Pace::quick(),
            now: Arc::new(Utc::now),
            seed: 1,
            nodes: 3,
            argo_cd: true,
        }
    }
}
