//! The pod template of each service at each version, and the ConfigMaps that it names.

use serde_json::{Map, Value, json};

use super::profile::{Place, Profile};
use crate::cluster::default_pod_spec;

/// The template that ran a version in a place, with the defaults of the API server filled in.
pub(crate) fn template(profile: &Profile, place: Place, version: &str, config: u32) -> Value {
    let mut container = json!({
        "name": profile.name,
        "image": format!("{}:{version}", profile.image()),
        "ports": [{"name": "http", "containerPort": 8080}],
        "env": environment(profile, place, version),
        "envFrom": [{"configMapRef": {"name": format!("{}-config", profile.name)}}],
        "resources": resources(profile, version),
        "readinessProbe": {"httpGet": {"path": "/health", "port": "http"}, "periodSeconds": 5},
    });
    let mut volumes = Vec::new();
    if profile.name == "checkout" {
        container["volumeMounts"] = json!([{"name": "features", "mountPath": "/etc/features"}]);
        volumes.push(json!({"name": "features", "configMap": {"name": "checkout-features"}}));
    }
    if profile.name == "search" {
        container["volumeMounts"] = json!([{"name": "index", "mountPath": "/var/lib/index"}]);
        volumes.push(json!({"name": "index", "persistentVolumeClaim": {"claimName": "search-index"}}));
    }
    let mut spec = json!({"containers": [container], "serviceAccountName": profile.name});
    if !volumes.is_empty() {
        spec["volumes"] = Value::Array(volumes);
    }
    default_pod_spec(&mut spec);
    json!({
        "metadata": {
            "labels": {
                "app": profile.name,
                "app.kubernetes.io/name": profile.name,
                "app.kubernetes.io/part-of": "harbor-retail",
                "app.kubernetes.io/version": version,
            },
            "annotations": {"checksum/config": checksum(profile, place, config)},
        },
        "spec": spec,
    })
}

fn checksum(profile: &Profile, place: Place, config: u32) -> String {
    use sha2::Digest;
    let digest =
        sha2::Sha256::digest(format!("{}/{}/{config}", profile.name, place.environment()).as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The first two numbers of a version: settings change with them.
fn line(version: &str) -> (u64, u64) {
    let mut numbers = version.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

fn environment(profile: &Profile, place: Place, version: &str) -> Vec<Value> {
    let variable = |name: &str, value: &str| json!({"name": name, "value": value});
    let mut list = vec![
        variable(
            "LOG_LEVEL",
            if place == Place::Staging { "debug" } else { "info" },
        ),
        variable("HARBOR_ENVIRONMENT", place.environment()),
    ];
    let (major, minor) = line(version);
    match profile.name {
        "checkout" => {
            let new = (major, minor) >= (2, 4);
            list.push(variable("PRICING_TIMEOUT_MS", if new { "800" } else { "2000" }));
            if new {
                list.push(variable("GIFT_WRAP", "on"));
            }
        }
        "payments" => {
            if (major, minor) >= (1, 42) {
                list.push(variable("SETTLEMENT_MODE", "ledger"));
                list.push(variable("REFUND_BATCH", "50"));
                if place == Place::Staging {
                    list.push(variable("PAYMENT_LEDGER_URL", "http://ledger.shop.svc:8080"));
                }
            }
            let secret = json!({"secretKeyRef": {"name": "payments-db", "key": "password"}});
            list.push(json!({"name": "DATABASE_PASSWORD", "valueFrom": secret}));
        }
        _ => {
            list.push(variable("WORKERS", &(2 + minor % 3 * 2).to_string()));
            list.push(variable("CACHE_TTL_SECONDS", &(30 + minor % 4 * 30).to_string()));
        }
    }
    list
}

fn resources(profile: &Profile, version: &str) -> Value {
    let (major, minor) = line(version);
    let memory = match profile.name {
        "checkout" if (major, minor) >= (2, 4) => "768Mi",
        "checkout" => "512Mi",
        _ if minor % 5 == 0 => "512Mi",
        _ => "256Mi",
    };
    json!({"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": memory}})
}

/// A ConfigMap's name and its data.
pub(crate) type ConfigData = (String, Map<String, Value>);

/// The Secrets that a template names; their `data` as the cluster serves it.
pub(crate) fn secrets(profile: &Profile) -> Vec<ConfigData> {
    if profile.name != "payments" {
        return Vec::new();
    }
    let mut data = Map::new();
    data.insert("password".into(), "ZGVtby1vbmx5".into());
    vec![("payments-db".to_owned(), data)]
}

/// The ConfigMaps that a template names, as they were after so many changes of the lane's configuration.
pub(crate) fn config_maps(profile: &Profile, place: Place, config: u32) -> Vec<ConfigData> {
    let own = if profile.name == "checkout" { 0 } else { config };
    let mut data = Map::new();
    data.insert("REGION".into(), place.cluster().into());
    data.insert(
        "REQUEST_TIMEOUT_MS".into(),
        (1_000 + own % 5 * 250).to_string().into(),
    );
    data.insert("MAX_CONNECTIONS".into(), (40 + own % 3 * 20).to_string().into());
    let mut maps = vec![(format!("{}-config", profile.name), data)];
    if profile.name == "checkout" {
        let mut features = Map::new();
        features.insert(
            "gift_wrap".into(),
            if config.is_multiple_of(2) { "off" } else { "on" }.into(),
        );
        features.insert("express_cutoff".into(), format!("{}:00", 17 + config % 2).into());
        features.insert("vouchers_a_basket".into(), "2".into());
        maps.push(("checkout-features".to_owned(), features));
    }
    maps
}
