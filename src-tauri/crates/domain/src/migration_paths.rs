//! Which changed files are database migrations, told by their paths alone.
//!
//! A path proves no danger; it says that a person should look before going back. Where two tools use
//! the same layout, the name follows the layout that each tool writes by default.

use std::sync::LazyLock;

use regex::Regex;

use crate::release::{FileChange, FileChangeKind};

/// The tools whose layouts are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MigrationTool {
    /// `V2__add_index.sql`, `U2__…`, `R__view.sql`, `V3__Move.java`.
    Flyway,
    /// `db.changelog-master.xml`, `changelog/…`.
    Liquibase,
    /// `alembic/versions/ae1027a6acf_add_column.py`.
    Alembic,
    /// `db/migrate/20240131120000_create_users.rb`.
    Rails,
    /// `shop/migrations/0002_auto.py`.
    Django,
    /// `migrations/20240131120000_users.sql`, `migrations/0001_users.sql`.
    Sqlx,
    /// `prisma/migrations/20240131120000_init/migration.sql`.
    Prisma,
    /// `migrations/00001_users.sql`, `…/goose/…`.
    Goose,
    /// `db/migrations/20240131120000_users.sql`.
    Dbmate,
    /// `Migrations/20240131120000_Users.cs`.
    EntityFramework,
    /// `000001_users.up.sql` and `.down.sql`.
    GolangMigrate,
}

/// A changed file that is a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationFile {
    /// The path from the top of the repository.
    pub path: String,
    /// The tool whose layout it has.
    pub tool: MigrationTool,
    /// What happened to it; an older migration that was *modified* deserves a second look.
    pub kind: FileChangeKind,
}

impl MigrationTool {
    /// The tool's own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            MigrationTool::Flyway => "Flyway",
            MigrationTool::Liquibase => "Liquibase",
            MigrationTool::Alembic => "Alembic",
            MigrationTool::Rails => "Rails",
            MigrationTool::Django => "Django",
            MigrationTool::Sqlx => "sqlx",
            MigrationTool::Prisma => "Prisma",
            MigrationTool::Goose => "goose",
            MigrationTool::Dbmate => "dbmate",
            MigrationTool::EntityFramework => "Entity Framework",
            MigrationTool::GolangMigrate => "golang-migrate",
        }
    }
}

/// The migrations among the changed files, in their order.
pub fn migrations<'a>(changes: impl IntoIterator<Item = &'a FileChange>) -> Vec<MigrationFile> {
    let file = |change: &FileChange| {
        let tool = migration_tool(&change.path)?;
        Some(MigrationFile {
            path: change.path.clone(),
            tool,
            kind: change.kind,
        })
    };
    changes.into_iter().filter_map(file).collect()
}

/// The tool whose migration a path is; `None` for every other file.
pub fn migration_tool(path: &str) -> Option<MigrationTool> {
    LAYOUTS
        .iter()
        .find(|(_, layout)| layout.is_match(path))
        .map(|(tool, _)| *tool)
}

/// In the order of their certainty: the first that fits names the tool.
static LAYOUTS: LazyLock<Vec<(MigrationTool, Regex)>> = LazyLock::new(|| {
    use MigrationTool::*;
    [
        (
            Prisma,
            r"(^|/)prisma/(.*/)?migrations/\d{14}_[^/]+/migration\.sql$",
        ),
        (Prisma, r"(^|/)migrations/\d{14}_[^/]+/migration\.sql$"),
        (Flyway, r"(^|/)[VUB]\d+([._]\d+)*__[^/]+\.(sql|java|kt)$"),
        (Flyway, r"(^|/)R__[^/]+\.(sql|java|kt)$"),
        (
            Liquibase,
            r"(^|/)(db\.changelog[^/]*|changelog[-.][^/]+)\.(xml|ya?ml|json|sql)$",
        ),
        (
            Liquibase,
            r"(?i)(^|/)(liquibase|changelogs?|changesets?)/(.*/)?[^/]+\.(xml|ya?ml|json|sql)$",
        ),
        (Alembic, r"(^|/)(alembic|migrations)/versions/[^/]+\.py$"),
        (Rails, r"(^|/)db/([^/]+_)?migrate/\d+_[^/]+\.rb$"),
        (Django, r"(^|/)migrations/\d{4}_[^/]+\.py$"),
        (EntityFramework, r"(^|/)Migrations/(.*/)?\d{14}_[^/]+\.cs$"),
        (Goose, r"(^|/)goose/(.*/)?\d+_[^/]+\.(sql|go)$"),
        (GolangMigrate, r"(^|/)\d+_[^/]+\.(up|down)\.sql$"),
        (Dbmate, r"(^|/)db/migrations/\d{14}_[^/]+\.sql$"),
        (Goose, r"(^|/)migrations?/(.*/)?\d{5}_[^/]+\.(sql|go)$"),
        (Goose, r"(^|/)migrations?/(.*/)?\d{14}_[^/]+\.go$"),
        (Sqlx, r"(^|/)migrations/(.*/)?\d+_[^/]+\.sql$"),
    ]
    .into_iter()
    .map(|(tool, layout)| {
        (
            tool,
            Regex::new(layout).expect("because each layout above is a valid expression"),
        )
    })
    .collect()
});

#[cfg(test)]
mod tests {
    use super::MigrationTool::*;
    use super::*;
    use crate::release::LineCounts;

    #[test]
    fn the_default_layout_of_each_tool_is_known() {
        // The paths are those that each tool's own documentation shows or its generator writes.
        for (path, tool) in [
            ("src/main/resources/db/migration/V2__Add_people.sql", Flyway),
            ("db/V1.1__x.sql", Flyway),
            ("db/V20240131_1200__x.sql", Flyway),
            ("db/R__Blue_cars.sql", Flyway),
            ("db/U2__Undo.sql", Flyway),
            ("src/main/java/db/migration/V3__Move.java", Flyway),
            (
                "src/main/resources/db/changelog/db.changelog-master.yaml",
                Liquibase,
            ),
            ("db/changelog/0001-users.sql", Liquibase),
            ("liquibase/changes/users.xml", Liquibase),
            ("alembic/versions/1975ea83b712_create_account_table.py", Alembic),
            (
                "migrations/versions/1975ea83b712_create_account_table.py",
                Alembic,
            ),
            ("db/migrate/20080906120000_create_products.rb", Rails),
            ("db/animals_migrate/20080906120000_create_dogs.rb", Rails),
            ("polls/migrations/0001_initial.py", Django),
            ("migrations/20200718111257_invoices.sql", Sqlx),
            ("services/pay/migrations/0001_init.sql", Sqlx),
            ("prisma/migrations/20210313140442_init/migration.sql", Prisma),
            ("migrations/00001_create_users_table.sql", Goose),
            ("migrations/00002_rename_root.go", Goose),
            ("internal/goose/20170506082420_x.sql", Goose),
            ("db/migrations/20151127184807_create_users_table.sql", Dbmate),
            ("Migrations/20201028133219_InitialCreate.cs", EntityFramework),
            (
                "Data/Migrations/20201028133219_InitialCreate.Designer.cs",
                EntityFramework,
            ),
            ("db/migrations/000001_create_users_table.up.sql", GolangMigrate),
            ("db/migrations/000001_create_users_table.down.sql", GolangMigrate),
        ] {
            assert_eq!(migration_tool(path), Some(tool), "{path}");
        }
    }

    #[test]
    fn other_files_are_no_migrations() {
        for path in [
            "",
            "README.md",
            "CHANGELOG.md",
            "CHANGELOG.json",
            "src/migrations.rs",
            "migrations/README.md",
            "polls/migrations/__init__.py",
            "docs/migration/guide.md",
            "migrations/mod.rs",
            "queries/users.sql",
            "V1__notes.md",
            "prisma/schema.prisma",
            "db/schema.rb",
            "alembic/env.py",
            "Migrations/ShopContextModelSnapshot.cs",
            "prisma/migrations/migration_lock.toml",
        ] {
            assert_eq!(migration_tool(path), None, "{path}");
        }
    }

    #[test]
    fn changed_files_are_filtered_with_what_happened() {
        let change = |path: &str, kind| FileChange {
            path: path.into(),
            lines: LineCounts::Binary,
            kind,
        };
        let changes = [
            change("a.rs", FileChangeKind::Modified),
            change("db/V2__x.sql", FileChangeKind::Removed),
        ];
        let expected = MigrationFile {
            path: "db/V2__x.sql".into(),
            tool: Flyway,
            kind: FileChangeKind::Removed,
        };
        assert_eq!(migrations(&changes), [expected]);
        assert_eq!(Flyway.name(), "Flyway");
    }
}
