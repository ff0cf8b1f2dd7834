//! Differences of pod templates in the wire's form: what it is called, and both values.

use domain::difference::{
    Amount, AmountUnit, CommandField, Difference as Domain, LineChange, ProbeKind, ResourceBound,
    VariableValue, amount, counts, differences, line_diff, template_yaml,
};
use domain::template::PodTemplate;
use serde_json::Value;
use wire::compare::{DiffLine, Difference, DifferenceKind, LineKind, TemplateDifference};

/// Everything that differs; `None` where one of the templates is not known.
pub(crate) fn template(a: Option<&PodTemplate>, b: Option<&PodTemplate>) -> Option<TemplateDifference> {
    let (a, b) = (a?, b?);
    let found = differences(a, b);
    let counted = counts(&found);
    Some(TemplateDifference {
        images: counted.images as u32,
        settings: counted.settings as u32,
        differences: found.iter().map(difference).collect(),
        yaml_a: template_yaml(a),
        yaml_b: template_yaml(b),
    })
}

/// The lines of both templates as YAML.
pub(crate) fn diff_lines(a: &PodTemplate, b: &PodTemplate) -> Vec<DiffLine> {
    let line = |line: domain::difference::DiffLine| DiffLine {
        kind: match line.change {
            LineChange::Same => LineKind::Context,
            LineChange::Removed => LineKind::Removed,
            LineChange::Added => LineKind::Added,
        },
        text: line.text,
    };
    line_diff(&template_yaml(a), &template_yaml(b))
        .into_iter()
        .map(line)
        .collect()
}

/// One difference in the wire's form.
pub(crate) fn difference(difference: &Domain) -> Difference {
    let of =
        |kind, container: Option<&str>, name: &str, old: Option<String>, new: Option<String>| Difference {
            kind,
            container: container.map(str::to_owned),
            name: name.to_owned(),
            old,
            new,
        };
    match difference {
        Domain::Image { container, from, to } => of(
            DifferenceKind::Image,
            Some(container),
            "image",
            Some(from.clone()),
            Some(to.clone()),
        ),
        Domain::ContainerAdded { container, image, .. } => of(
            DifferenceKind::Container,
            Some(container),
            container,
            None,
            Some(image.clone()),
        ),
        Domain::ContainerRemoved { container, image, .. } => of(
            DifferenceKind::Container,
            Some(container),
            container,
            Some(image.clone()),
            None,
        ),
        Domain::Variable {
            container,
            name,
            from,
            to,
        } => {
            let value = |value: &Option<VariableValue>| value.as_ref().map(variable);
            of(
                DifferenceKind::Setting,
                Some(container),
                name,
                value(from),
                value(to),
            )
        }
        Domain::Resource {
            container,
            bound,
            resource,
            from,
            to,
        } => {
            let bound = match bound {
                ResourceBound::Request => "requests",
                ResourceBound::Limit => "limits",
            };
            let value = |value: &Option<String>| value.as_ref().map(|text| quantity(resource, text));
            of(
                DifferenceKind::Resource,
                Some(container),
                &format!("{bound}.{resource}"),
                value(from),
                value(to),
            )
        }
        Domain::Command {
            container,
            field,
            from,
            to,
        } => {
            let field = match field {
                CommandField::Command => "command",
                CommandField::Args => "args",
            };
            let value = |words: &Option<Vec<String>>| words.as_ref().map(|words| words.join(" "));
            of(
                DifferenceKind::Command,
                Some(container),
                field,
                value(from),
                value(to),
            )
        }
        Domain::Probe {
            container,
            probe,
            from,
            to,
        } => {
            let probe = match probe {
                ProbeKind::Liveness => "livenessProbe",
                ProbeKind::Readiness => "readinessProbe",
                ProbeKind::Startup => "startupProbe",
            };
            of(
                DifferenceKind::Probe,
                Some(container),
                probe,
                json(from),
                json(to),
            )
        }
        Domain::Port {
            container,
            port,
            from,
            to,
        } => of(DifferenceKind::Port, Some(container), port, json(from), json(to)),
        Domain::Volume { name, from, to } => of(DifferenceKind::Volume, None, name, json(from), json(to)),
        Domain::Label { key, from, to } | Domain::Annotation { key, from, to } => {
            of(DifferenceKind::Metadata, None, key, from.clone(), to.clone())
        }
        Domain::Restarted { from, to } => of(
            DifferenceKind::Metadata,
            None,
            domain::template::RESTARTED_AT,
            from.clone(),
            to.clone(),
        ),
        Domain::Order { path, from, to } => of(
            DifferenceKind::Other,
            None,
            path,
            Some(from.join(", ")),
            Some(to.join(", ")),
        ),
        Domain::Other { path, from, to } => of(DifferenceKind::Other, None, path, json(from), json(to)),
    }
}

fn variable(value: &VariableValue) -> String {
    match value {
        VariableValue::Plain(text) => text.clone(),
        VariableValue::ConfigMapKey { name, key } => format!("ConfigMap {name}/{key}"),
        VariableValue::SecretKey { name, key } => format!("Secret {name}/{key}"),
        VariableValue::Field(path) => format!("field {path}"),
        VariableValue::ResourceField(path) => format!("resource {path}"),
        VariableValue::Source(source) => source.to_string(),
    }
}

/// A value's JSON; a text stands without its quotes.
fn json(value: &Option<Value>) -> Option<String> {
    value
        .as_ref()
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn quantity(resource: &str, text: &str) -> String {
    let Some(Amount { number, unit }) = amount(resource, text) else {
        return text.to_owned();
    };
    let unit = match unit {
        AmountUnit::Byte => " B",
        AmountUnit::KiB => " KiB",
        AmountUnit::MiB => " MiB",
        AmountUnit::GiB => " GiB",
        AmountUnit::TiB => " TiB",
        AmountUnit::Core | AmountUnit::Count => "",
    };
    format!("{number}{unit}")
}
