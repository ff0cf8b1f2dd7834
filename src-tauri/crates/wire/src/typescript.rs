//! Exports the tables, and every type that they reach, as one TypeScript file.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};

use ts_rs::{Config, TS, TypeVisitor};

/// Collects the declarations of all types that are reached.
struct Collector {
    config: Config,
    seen: HashSet<TypeId>,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Collector {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
        if T::output_path().is_some() {
            let documentation = T::docs().unwrap_or_default();
            let text = format!("{documentation}export {}", T::decl(&self.config));
            self.declarations.insert(T::ident(&self.config), text);
        }
    }
}

/// The generated file, whole.
pub fn generate() -> String {
    let mut collector = Collector {
        config: Config::new(),
        seen: HashSet::new(),
        declarations: BTreeMap::new(),
    };
    let mut commands = Vec::new();
    let mut events = Vec::new();
    macro_rules! command {
        ($($name:ident : $request:ty => $reply:ty,)*) => {$(
            collector.visit::<$request>();
            collector.visit::<$reply>();
            commands.push(format!(
                "  {}: [{}, {}];\n",
                stringify!($name),
                <$request as TS>::name(&collector.config),
                <$reply as TS>::name(&collector.config),
            ));
        )*};
    }
    macro_rules! event {
        ($($name:ident : $payload:ty,)*) => {$(
            collector.visit::<$payload>();
            events.push(format!("  {}: {};\n", stringify!($name), <$payload as TS>::name(&collector.config)));
        )*};
    }
    crate::command_table!(command);
    crate::event_table!(event);
    collector.visit::<crate::WireError>();
    let mut text = String::from(
        "// Generated from the tables of the crate `wire` by `cargo xtask gen`. Do not edit.\n\n",
    );
    for declaration in collector.declarations.values() {
        text.push_str(declaration);
        text.push_str("\n\n");
    }
    text.push_str("/** Every command: its request and its reply. */\nexport type Commands = {\n");
    text.extend(commands);
    text.push_str("};\n\n/** Every event and its payload. */\nexport type Events = {\n");
    text.extend(events);
    text.push_str(
        "};\n\n/** Every error code, for tests of completeness. */\nexport const ERROR_CODES = [\n",
    );
    for code in crate::ErrorCode::ALL {
        let word = serde_json::to_string(code).expect("a unit variant is always a JSON string");
        text.push_str(&format!("  {word},\n"));
    }
    text.push_str("] as const satisfies readonly ErrorCode[];\n\n/** Every finding code. */\nexport const FINDING_CODES = [\n");
    for code in domain::finding::FindingCode::ALL {
        text.push_str(&format!("  \"{}\",\n", code.as_str()));
    }
    text.push_str("] as const;\n\n/** Every kind of step of an operation. */\nexport const STEP_KINDS = [\n");
    for kind in domain::operation::StepKind::ALL {
        text.push_str(&format!("  \"{}\",\n", kind.as_str()));
    }
    text.push_str("] as const;\n");
    text
}
