//! Words for each difference, and the property that none is ever lost.

use serde_json::{Value, json};

use super::*;

fn template(value: Value) -> PodTemplate {
    PodTemplate::new(value).unwrap()
}

fn rich() -> Value {
    json!({
        "metadata": {"labels": {"app": "payments"}, "annotations": {"note": "a"}},
        "spec": {
            "serviceAccountName": "payments",
            "terminationGracePeriodSeconds": 30,
            "securityContext": {"runAsUser": 1000},
            "tolerations": [{"key": "spot", "operator": "Exists"}],
            "initContainers": [{"name": "migrate", "image": "shop/payments:2.3.7"}],
            "containers": [
                {"name": "app", "image": "shop/payments:2.3.7",
                 "command": ["/app"], "args": ["serve"],
                 "env": [
                    {"name": "LOG_LEVEL", "value": "info"},
                    {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "tokens", "key": "a"}}},
                    {"name": "IP", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}}}],
                 "resources": {"requests": {"cpu": "100m"}, "limits": {"memory": "256Mi"}},
                 "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}],
                 "livenessProbe": {"httpGet": {"path": "/live", "port": 8080}},
                 "volumeMounts": [{"name": "files", "mountPath": "/files"}],
                 "imagePullPolicy": "IfNotPresent"},
                {"name": "sidecar", "image": "shop/side:1.0.0"}],
            "volumes": [{"name": "files", "configMap": {"name": "payments-files"}}]
        }
    })
}

fn changed(change: impl FnOnce(&mut Value)) -> Vec<Difference> {
    let mut after = rich();
    change(&mut after);
    differences(&template(rich()), &template(after))
}

#[test]
fn an_image_and_settings_are_told_in_words() {
    let found = changed(|t| {
        let app = &mut t["spec"]["containers"][0];
        app["image"] = json!("shop/payments:2.4.1");
        app["env"][0]["value"] = json!("debug");
        app["resources"]["limits"]["memory"] = json!("512Mi");
        app["env"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "NEW", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}));
    });
    let app = || "app".to_owned();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        found,
        [
            Difference::Image {
                container: app(),
                from: "shop/payments:2.3.7".into(),
                to: "shop/payments:2.4.1".into()
            },
            Difference::Variable {
                container: app(),
                name: "LOG_LEVEL".into(),
                from: Some(VariableValue::Plain("info".into())),
                to: Some(VariableValue::Plain("debug".into())),
            },
            Difference::Variable {
                container: app(),
                name: "NEW".into(),
                from: None,
                to: Some(VariableValue::ConfigMapKey {
                    name: "c".into(),
                    key: "k".into()
                }),
            },
            Difference::Resource {
                container: app(),
                bound: ResourceBound::Limit,
                resource: "memory".into(),
                from: some("256Mi"),
                to: some("512Mi"),
            },
        ]
    );
    assert_eq!(
        counts(&found),
        DifferenceCounts {
            images: 1,
            settings: 3,
            restarts: 0
        }
    );
}

#[test]
fn a_restart_is_no_setting() {
    let found = changed(|t| t["metadata"]["annotations"][RESTARTED_AT] = json!("2026-03-03T10:00:00Z"));
    assert_eq!(
        found,
        [Difference::Restarted {
            from: None,
            to: Some("2026-03-03T10:00:00Z".into())
        }]
    );
    assert_eq!(
        counts(&found),
        DifferenceCounts {
            images: 0,
            settings: 0,
            restarts: 1
        }
    );
}

#[test]
fn what_has_no_words_is_told_by_its_path() {
    let found = changed(|t| {
        t["spec"]["securityContext"]["runAsUser"] = json!(0);
        t["spec"]["containers"][0]["volumeMounts"][0]["mountPath"] = json!("/x");
        t["spec"]["tolerations"] = json!([]);
    });
    let paths: Vec<&str> = found
        .iter()
        .map(|one| match one {
            Difference::Other { path, .. } => path.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        paths,
        [
            "/spec/containers/app/volumeMounts/files/mountPath",
            "/spec/securityContext/runAsUser",
            "/spec/tolerations"
        ]
    );
}

#[test]
fn containers_probes_ports_volumes_and_commands_have_their_own_words() {
    let found = changed(|t| {
        t["spec"]["containers"].as_array_mut().unwrap().remove(1);
        t["spec"]["initContainers"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "seed", "image": "s:1"}));
        let app = &mut t["spec"]["containers"][0];
        app["args"] = json!(["serve", "--fast"]);
        app["livenessProbe"]["httpGet"]["path"] = json!("/healthz");
        app["ports"] = json!([{"containerPort": 9090}]);
        t["spec"]["volumes"][0]["configMap"]["name"] = json!("other");
    });
    let words: Vec<&str> = found
        .iter()
        .map(|one| match one {
            Difference::ContainerAdded { init: true, .. } => "init added",
            Difference::ContainerRemoved { init: false, .. } => "removed",
            Difference::Command {
                field: CommandField::Args,
                ..
            } => "args",
            Difference::Probe {
                probe: ProbeKind::Liveness,
                ..
            } => "liveness",
            Difference::Port { port, from: None, .. } if port == "9090/TCP" => "port added",
            Difference::Port { port, to: None, .. } if port == "8080/TCP" => "port removed",
            Difference::Volume { name, .. } if name == "files" => "volume",
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        words,
        [
            "removed",
            "init added",
            "args",
            "liveness",
            "port removed",
            "port added",
            "volume"
        ]
    );
}

#[test]
fn the_order_of_variables_is_a_difference() {
    let found = changed(|t| {
        t["spec"]["containers"][0]["env"]
            .as_array_mut()
            .unwrap()
            .swap(0, 1)
    });
    assert!(
        matches!(found.as_slice(), [Difference::Order { .. }]),
        "{found:?}"
    );
}

/// Every single edit of the tree, at every place: removing, replacing, adding, swapping. Each makes two templates
/// that differ, so each must be told, both ways; and no template differs from itself.
#[test]
fn templates_are_equal_exactly_when_there_is_no_difference() {
    let base = template(rich());
    assert_eq!(differences(&base, &base), []);
    let mut tried = 0;
    for edited in every_edit(&rich()) {
        let Ok(edited) = PodTemplate::new(edited) else {
            continue;
        };
        let (there, back) = (differences(&base, &edited), differences(&edited, &base));
        assert_eq!(there.is_empty(), edited == base, "{}", edited.canonical_json());
        assert_eq!(back.is_empty(), edited == base, "{}", edited.canonical_json());
        tried += 1;
    }
    assert!(tried > 300, "only {tried} edits: the generator is broken");
}

/// All trees that are one edit away.
fn every_edit(value: &Value) -> Vec<Value> {
    let mut edits = vec![
        Value::Null,
        json!("edited"),
        json!(7),
        json!([]),
        json!({}),
        json!({"edited": true}),
        json!([1]),
    ];
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let mut without = map.clone();
                without.remove(key);
                edits.push(Value::Object(without));
                for edited in every_edit(inner) {
                    let mut with = map.clone();
                    with.insert(key.clone(), edited);
                    edits.push(Value::Object(with));
                }
            }
            let mut with = map.clone();
            with.insert("added".into(), json!({"deep": [1]}));
            edits.push(Value::Object(with));
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                let mut without = items.clone();
                without.remove(at);
                edits.push(Value::Array(without));
                let mut twice = items.clone();
                twice.push(inner.clone());
                edits.push(Value::Array(twice));
                for edited in every_edit(inner) {
                    let mut with = items.clone();
                    with[at] = edited;
                    edits.push(Value::Array(with));
                }
            }
            if items.len() > 1 {
                let mut swapped = items.clone();
                swapped.swap(0, 1);
                edits.push(Value::Array(swapped));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    edits
}

#[test]
fn yaml_is_the_same_every_time_and_its_diff_counts_lines() {
    let (old, new) = (template(rich()), {
        let mut after = rich();
        after["spec"]["containers"][0]["image"] = json!("shop/payments:2.4.1");
        template(after)
    });
    let (old, new) = (template_yaml(&old), template_yaml(&new));
    let diff = line_diff(&old, &new);
    let changed: Vec<(LineChange, &str)> = diff
        .iter()
        .filter(|line| line.change != LineChange::Same)
        .map(|line| (line.change, line.text.trim()))
        .collect();
    assert_eq!(
        changed,
        [
            (LineChange::Removed, "image: shop/payments:2.3.7"),
            (LineChange::Added, "image: shop/payments:2.4.1")
        ]
    );
    let rebuilt: String = diff
        .iter()
        .filter(|line| line.new_line.is_some())
        .map(|line| format!("{}\n", line.text))
        .collect();
    assert_eq!(rebuilt, new, "the new text can be read from the difference");
}
