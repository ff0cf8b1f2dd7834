//! The fourteen services: who owns them, what they are about, which versions were released last, and
//! what happened to them in the last days, lane by lane. Older history is made up in history.rs.

/// Where a service runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    ProdEu,
    ProdUs,
    Staging,
}

impl Place {
    /// In the order of the workspace file.
    pub const ALL: [Self; 3] = [Self::ProdEu, Self::ProdUs, Self::Staging];

    /// The environment's name.
    pub fn environment(self) -> &'static str {
        match self {
            Self::ProdEu => "prod-eu",
            Self::ProdUs => "prod-us",
            Self::Staging => "staging",
        }
    }

    /// The cluster's name.
    pub fn cluster(self) -> &'static str {
        match self {
            Self::ProdEu => "eu-west-1",
            Self::ProdUs => "us-east-1",
            Self::Staging => "stage",
        }
    }
}

/// How an event of the last days went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Went live and was well.
    Live,
    /// A template that ran before comes again, and only its ReplicaSet tells: it keeps the time of its first run,
    /// so when it came again lies between its neighbours' times.
    Inferred,
    /// Another configuration of the version before.
    Config,
    /// Went live, and the next rollback took it back.
    Undone,
    /// A configuration of it that went back with it.
    UndoneConfig,
    /// Back to a version that ran before.
    Rollback,
    /// Fails, and still does.
    Failing,
    /// Is being rolled out.
    InProgress,
}

/// So many hours before now, that version, went so.
pub(crate) type Step = (f64, &'static str, Turn);

/// One service.
#[derive(Debug)]
pub(crate) struct Profile {
    pub name: &'static str,
    pub team: &'static str,
    /// Keys of its issues: `PAY-2214`.
    pub key: &'static str,
    /// What it talks to.
    pub depends_on: &'static [&'static str],
    /// What its commits are about.
    pub nouns: [&'static str; 6],
    /// Replicas in production.
    pub replicas: i64,
    /// The newest releases, and how many hours before now they were tagged, oldest first.
    pub releases: &'static [(&'static str, f64)],
    /// The last days in prod-eu, prod-us, staging.
    pub lanes: [&'static [Step]; 3],
}

impl Profile {
    /// The steps of a lane.
    pub fn lane(&self, place: Place) -> &'static [Step] {
        match place {
            Place::ProdEu => self.lanes[0],
            Place::ProdUs => self.lanes[1],
            Place::Staging => self.lanes[2],
        }
    }

    /// The namespace that it lives in there.
    pub fn namespace(&self, place: Place) -> &'static str {
        match (self.team, place) {
            ("Money", Place::ProdEu) => "money-eu",
            ("Money", Place::ProdUs) => "money-us",
            _ => "shop",
        }
    }

    /// Its image without the tag.
    pub fn image(&self) -> String {
        let folder = if self.team == "Money" { "money" } else { "shop" };
        format!("{folder}/{}", self.name)
    }

    /// Replicas there.
    pub fn replicas(&self, place: Place) -> i64 {
        match place {
            Place::ProdEu | Place::ProdUs => self.replicas,
            Place::Staging => 2,
        }
    }
}

use Turn::{Config, Failing, InProgress, Inferred, Live, Rollback, Undone, UndoneConfig};

/// All services, in the order of the workspace file.
pub(crate) static PROFILES: [Profile; 14] = [
    Profile {
        name: "payments",
        team: "Money",
        key: "PAY",
        depends_on: &["identity"],
        nouns: [
            "refund",
            "card token",
            "settlement",
            "chargeback",
            "wallet",
            "receipt",
        ],
        replicas: 6,
        releases: &[
            ("1.41.0", 480.0),
            ("1.41.1", 312.0),
            ("1.41.2", 158.0),
            ("1.42.0-rc.1", 120.0),
            ("1.42.0-rc.2", 41.0),
            ("1.42.0", 5.2),
            ("1.43.0-rc.1", 1.8),
        ],
        lanes: [
            &[(148.7, "1.41.2", Live), (0.71, "1.42.0", Failing)],
            &[(146.0, "1.41.2", Live), (3.21, "1.41.2", Config)],
            &[
                (40.0, "1.42.0-rc.2", Live),
                (4.53, "1.42.0", Live),
                (1.43, "1.43.0-rc.1", Live),
            ],
        ],
    },
    Profile {
        name: "checkout",
        team: "Storefront",
        key: "SHOP",
        depends_on: &["payments", "pricing", "cart", "shipping"],
        nouns: [
            "basket total",
            "delivery slot",
            "voucher",
            "address form",
            "order mail",
            "express lane",
        ],
        replicas: 9,
        releases: &[
            ("2.3.6", 390.0),
            ("2.3.7", 224.0),
            ("2.4.0", 28.0),
            ("2.4.1", 5.4),
            ("2.5.0-beta.1", 2.1),
        ],
        lanes: [
            &[
                (220.1, "2.3.7", Live),
                (2.02, "2.4.1", Live),
                (1.08, "2.4.1", Config),
            ],
            &[
                (215.0, "2.3.7", Live),
                (4.08, "2.4.0", Undone),
                (2.91, "2.3.7", Rollback),
                (0.51, "2.4.1", InProgress),
            ],
            &[
                (27.0, "2.4.0", Live),
                (4.83, "2.4.1", Live),
                (1.73, "2.5.0-beta.1", Live),
            ],
        ],
    },
    Profile {
        name: "cart",
        team: "Storefront",
        key: "SHOP",
        depends_on: &["pricing", "inventory"],
        nouns: [
            "basket",
            "line item",
            "saved list",
            "quantity step",
            "guest session",
            "bundle",
        ],
        replicas: 4,
        releases: &[
            ("3.7.8", 430.0),
            ("3.7.9", 286.0),
            ("3.8.0", 25.0),
            ("3.8.1", 1.1),
        ],
        lanes: [
            &[
                (280.0, "3.7.9", Live),
                (4.88, "3.8.0", Undone),
                (4.13, "3.8.0", UndoneConfig),
                (3.13, "3.7.9", Rollback),
            ],
            &[(270.0, "3.7.9", Live)],
            &[(24.0, "3.8.0", Live), (0.78, "3.8.1", Live)],
        ],
    },
    Profile {
        name: "identity",
        team: "Platform",
        key: "ID",
        depends_on: &[],
        nouns: [
            "session",
            "sign-in link",
            "passkey",
            "consent screen",
            "token refresh",
            "audit trail",
        ],
        replicas: 4,
        releases: &[
            ("5.12.1", 410.0),
            ("5.12.2", 262.0),
            ("5.12.3", 30.0),
            ("5.13.0", 3.0),
        ],
        lanes: [
            &[
                (380.0, "5.12.1", Live),
                (258.0, "5.12.2", Undone),
                (255.0, "5.12.1", Rollback),
                (243.0, "5.12.2", Inferred),
                (3.73, "5.12.3", Live),
            ],
            &[
                (250.0, "5.12.2", Live),
                (29.0, "5.12.3", Undone),
                (27.0, "5.12.2", Config),
                (1.93, "5.12.2", Config),
                (1.58, "5.12.3", Inferred),
            ],
            &[
                (29.0, "5.12.3", Live),
                (2.23, "5.13.0", Live),
                (1.03, "5.13.0", Config),
            ],
        ],
    },
    Profile {
        name: "gateway",
        team: "Platform",
        key: "PLAT",
        depends_on: &["identity", "checkout", "catalog", "search"],
        nouns: [
            "route",
            "rate limit",
            "header",
            "upstream pool",
            "timeout",
            "access log",
        ],
        replicas: 4,
        releases: &[("7.0.3", 370.0), ("7.0.4", 196.0)],
        lanes: [
            &[
                (190.0, "7.0.4", Live),
                (4.48, "7.0.4", Config),
                (1.33, "7.0.4", Config),
            ],
            &[(188.0, "7.0.4", Live)],
            &[(194.0, "7.0.4", Live)],
        ],
    },
    Profile {
        name: "catalog",
        team: "Discovery",
        key: "DISC",
        depends_on: &["inventory"],
        nouns: [
            "product page",
            "variant",
            "category tree",
            "price label",
            "image set",
            "import job",
        ],
        replicas: 3,
        releases: &[("4.18.5", 400.0), ("4.18.6", 242.0), ("4.19.0", 20.0)],
        lanes: [
            &[(236.0, "4.18.6", Live), (1.23, "4.19.0", Live)],
            &[(230.0, "4.18.6", Live)],
            &[(19.0, "4.19.0", Live)],
        ],
    },
    Profile {
        name: "search",
        team: "Discovery",
        key: "DISC",
        depends_on: &["catalog"],
        nouns: [
            "ranking",
            "synonym list",
            "facet",
            "suggestion",
            "index shard",
            "typo rule",
        ],
        replicas: 3,
        releases: &[
            ("2.30.3", 330.0),
            ("2.30.4", 168.0),
            ("2.31.0", 26.0),
            ("2.31.1", 6.0),
        ],
        lanes: [
            &[
                (160.0, "2.30.4", Live),
                (5.18, "2.31.0", Live),
                (2.18, "2.31.1", Live),
            ],
            &[
                (158.0, "2.30.4", Live),
                (4.9, "2.31.0", Live),
                (1.9, "2.31.1", Live),
            ],
            &[
                (165.0, "2.30.4", Live),
                (25.0, "2.31.0", Live),
                (5.6, "2.31.1", Live),
            ],
        ],
    },
    Profile {
        name: "pricing",
        team: "Money",
        key: "PAY",
        depends_on: &[],
        nouns: [
            "discount rule",
            "VAT table",
            "price list",
            "rounding",
            "currency",
            "voucher rule",
        ],
        replicas: 3,
        releases: &[
            ("0.48.0", 360.0),
            ("0.48.1", 216.0),
            ("0.48.2", 26.0),
            ("0.49.0", 7.0),
        ],
        lanes: [
            &[
                (210.0, "0.48.1", Live),
                (3.53, "0.48.2", Live),
                (2.63, "0.48.2", Config),
            ],
            &[(208.0, "0.48.1", Live), (3.1, "0.48.2", Live)],
            &[(25.0, "0.48.2", Live), (6.5, "0.49.0", Live)],
        ],
    },
    Profile {
        name: "shipping",
        team: "Fulfilment",
        key: "SHIP",
        depends_on: &["inventory"],
        nouns: [
            "parcel label",
            "carrier",
            "pickup point",
            "customs form",
            "delivery window",
            "return slip",
        ],
        replicas: 3,
        releases: &[("6.1.7", 900.0), ("6.1.8", 750.0), ("6.2.0", 30.0)],
        lanes: [
            &[(738.0, "6.1.8", Live), (4.28, "6.2.0", Live)],
            &[(744.0, "6.1.8", Live)],
            &[(29.0, "6.2.0", Live)],
        ],
    },
    Profile {
        name: "notifications",
        team: "Platform",
        key: "PLAT",
        depends_on: &["identity"],
        nouns: [
            "order mail",
            "push message",
            "template",
            "opt-out",
            "digest",
            "language pack",
        ],
        replicas: 3,
        releases: &[("1.9.12", 440.0), ("1.9.13", 288.0), ("1.9.14", 28.0)],
        lanes: [
            &[
                (280.0, "1.9.13", Live),
                (5.33, "1.9.14", Undone),
                (4.68, "1.9.13", Rollback),
                (2.73, "1.9.14", Live),
            ],
            &[(270.0, "1.9.13", Live), (2.4, "1.9.14", Live)],
            &[(27.0, "1.9.14", Live)],
        ],
    },
    Profile {
        name: "inventory",
        team: "Fulfilment",
        key: "SHIP",
        depends_on: &[],
        nouns: [
            "stock count",
            "reservation",
            "warehouse",
            "reorder point",
            "batch",
            "stock feed",
        ],
        replicas: 3,
        releases: &[("3.3.4", 520.0), ("3.3.5", 360.0)],
        lanes: [
            &[(350.0, "3.3.5", Live)],
            &[(346.0, "3.3.5", Live)],
            &[(355.0, "3.3.5", Live)],
        ],
    },
    Profile {
        name: "reviews",
        team: "Discovery",
        key: "DISC",
        depends_on: &["identity"],
        nouns: [
            "star rating",
            "photo upload",
            "moderation queue",
            "reply",
            "helpful vote",
            "summary",
        ],
        replicas: 2,
        releases: &[("2.1.6", 480.0), ("2.1.7", 336.0), ("2.2.0", 22.0)],
        lanes: [
            &[(330.0, "2.1.7", Live), (0.88, "2.2.0", Live)],
            &[(326.0, "2.1.7", Live)],
            &[(21.0, "2.2.0", Live)],
        ],
    },
    Profile {
        name: "loyalty",
        team: "Money",
        key: "PAY",
        depends_on: &["identity", "payments"],
        nouns: [
            "point balance",
            "tier",
            "welcome bonus",
            "partner offer",
            "expiry mail",
            "points ledger",
        ],
        replicas: 2,
        releases: &[
            ("1.17.1", 340.0),
            ("1.17.2", 194.0),
            ("1.17.3", 27.0),
            ("1.18.0-rc.1", 20.0),
            ("1.18.0-rc.2", 6.0),
        ],
        lanes: [
            &[(188.0, "1.17.2", Live), (3.93, "1.17.3", Live)],
            &[(186.0, "1.17.2", Live), (3.4, "1.17.3", Live)],
            &[
                (26.0, "1.17.3", Live),
                (19.0, "1.18.0-rc.1", Live),
                (5.5, "1.18.0-rc.2", Live),
            ],
        ],
    },
    Profile {
        name: "recommendations",
        team: "Discovery",
        key: "DISC",
        depends_on: &["catalog", "search"],
        nouns: [
            "similar items",
            "home row",
            "model",
            "cold start",
            "click feed",
            "blend weight",
        ],
        replicas: 2,
        releases: &[("8.3.6", 300.0), ("8.4.0", 146.0), ("8.4.1", 25.0)],
        lanes: [
            &[(140.0, "8.4.0", Live), (3.38, "8.4.1", Live)],
            &[(138.0, "8.4.0", Live), (3.0, "8.4.1", Live)],
            &[(24.0, "8.4.1", Live)],
        ],
    },
];
