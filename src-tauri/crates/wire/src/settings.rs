//! What the app is and how a person set it up.

use crate::EpochMs;
use crate::cluster::Connection;
use crate::workspace::WorkspaceInfo;

words! {
    /// Light or dark.
    pub enum Theme { System, Dark, Light, }
    /// The language of the window.
    pub enum Language { System, En, Zh, }
    /// How times are shown.
    pub enum TimeZoneChoice {
        /// The desktop's zone.
        Local,
        /// Coordinated universal time.
        Utc,
        /// The zone that the workspace file names.
        Workspace,
    }
    /// Which app this is.
    pub enum Platform { Linux, Macos, Windows, }
}

dto! {
    /// Personal settings; one set a person.
    pub struct Settings {
        theme: Theme,
        language: Language,
        time_zone: TimeZoneChoice,
        /// Keys without a modifier act.
        single_letter_keys: bool,
        /// 1 is 100 %.
        zoom: f64,
    }
    /// What the window needs to draw itself first.
    pub struct AppState {
        version: String,
        platform: Platform,
        /// The permanent DEMO band is on.
        demo: bool,
        /// `null`: the welcome screen.
        workspace: Option<WorkspaceInfo>,
        recent: Vec<RecentWorkspace>,
        settings: Settings,
        ledger: LedgerHealth,
        /// The folder of the log files.
        logs: String,
        connections: Vec<Connection>,
        /// IANA name of the desktop's zone, where it is known.
        local_time_zone: Option<String>,
        /// Why what the command line asked for could not be opened: said once.
        start_problem: Option<crate::WireError>,
        now: EpochMs,
    }
    /// A workspace that was open before.
    pub struct RecentWorkspace {
        name: String,
        path: String,
        opened_at: EpochMs,
    }
    /// How the ledger is.
    pub struct LedgerHealth {
        path: String,
        state: LedgerState,
        /// Where a damaged file was set aside.
        set_aside: Option<String>,
        /// The backup that was opened in its place, or the newest one.
        backup: Option<String>,
        backup_at: Option<EpochMs>,
        /// In bytes, its write-ahead log with it.
        size: f64,
        /// The hash chain of operations holds: no edit, gap or lost tail.
        chain_intact: bool,
        /// The last rows written could not be read: they wait in a log that a read-only folder locks away.
        newest_unread: bool,
    }
    /// One value that the window keeps for itself (filters, columns), by name.
    pub struct ViewSetting {
        name: String,
        /// JSON as text.
        value: Option<String>,
    }
    /// A support file that was written.
    pub struct SupportFile {
        path: String,
        size: f64,
    }
    /// A notice of the desktop's, in the person's language.
    pub struct Notice {
        title: String,
        body: String,
    }
    /// An absolute path.
    pub struct PathRequest { path: String, }
    /// A switch.
    pub struct SwitchRequest { on: bool, }
    /// One name.
    pub struct NameRequest { name: String, }
}

words! {
    /// How the ledger was found.
    pub enum LedgerState {
        /// Whole.
        Ok,
        /// Damaged and set aside; a backup took its place.
        Recovered,
        /// Damaged and set aside; there was no whole backup.
        BegunAnew,
        /// Nothing can be written.
        ReadOnly,
    }
}
