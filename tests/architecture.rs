//! Guards the house's rules: where SQL stands, who owns a table, how a job is named, how long a file may be.
//!
//! Each rule reads the sources as text and answers with sentences that say what to do. The rules see only a [`Tree`], so
//! that the last test can show them a bad one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The most lines of a file, its tests not counted.
const MAX_LINES: usize = 400;
/// What may speak SQL beside the domains' `store.rs`: the queue, its crash test, and the parts of the platform that are about the database.
const SQL_ALLOWED: [&str; 8] = [
    "crates/chaos/",
    "crates/queue/",
    "crates/platform/src/crypto",
    "crates/platform/src/database",
    "crates/platform/src/embedded",
    "crates/platform/src/partitions",
    "crates/platform/src/testing",
    // Writes a year of a business beside the domains.
    "src/cli/bench/inbox/year",
];

/// What of the domains may use the connections of the tables' owner, and why.
const OF_THE_OWNER: [(&str, &str); 5] = [
    ("jobs/src/audit/purge.rs", "drops partitions"),
    ("jobs/src/context.rs", "has them"),
    ("jobs/src/lib.rs", "migrates, and makes partitions"),
    ("jobs/src/channels/purge.rs", "drops partitions"),
    ("jobs/src/contacts/import/run.rs", "counts the tables"),
];

/// What of jobs/src is no domain with a `DOMAIN`, each with its floor. A file may use those of lower floors.
const OTHER_FLOORS: [(&str, usize); 10] = [
    ("context", 0),
    ("domain", 0),
    ("locale", 0),
    ("permission", 0),
    ("pools", 0),
    ("role", 0),
    ("sealed", 0),
    ("violations", 0),
    ("work", 0),
    // It makes the bot's jobs of what comes in.
    ("inbound", 9),
];
/// From this floor on domains do not use those of their own floor either.
const ALONE: usize = 7;
/// Jobs that moved to another domain. The names are stored in rows, so they stay.
const ADOPTED: [(&str, &str); 4] = [
    ("bot", "conversations.receive"),
    ("bot", "conversations.reply"),
    ("closing", "workspaces.purge_deleted"),
    ("people", "contacts.purge_deleted"),
];

/// Path from the repository's root, with `/`, to text.
type Tree = BTreeMap<String, String>;

#[test]
fn sql_stands_in_a_store() {
    hold(&sql_outside_a_store(&tree()));
}

#[test]
fn the_edge_goes_through_the_domains_public_functions() {
    hold(&edge_uses_a_store(&tree()));
}

#[test]
fn a_domain_touches_only_its_own_tables() {
    hold(&foreign_tables(&tree()));
}

#[test]
fn the_program_works_within_a_workspace_or_says_why_not() {
    hold(&outside_of_a_workspace(&tree()));
}

#[test]
fn a_domain_uses_only_those_below_it() {
    hold(&upward_imports(&tree()));
}

#[test]
fn the_list_of_domains_and_the_floors_in_the_documents_are_the_same() {
    let floors: Vec<usize> = kazi_jobs::DOMAINS.iter().map(|own| own.floor).collect();
    assert!(floors.is_sorted(), "DOMAINS: those below come first");
    hold(&undrawn_floors(&tree()));
}

#[test]
fn a_job_is_named_after_its_domain_and_registered() {
    let registered = kazi_jobs::registry().kinds().map(str::to_owned).collect();
    hold(&misnamed_jobs(&tree(), &registered));
}

#[test]
fn every_action_and_permission_has_words_in_the_app() {
    let permissions = kazi_jobs::Permission::all().map(|one| one.name()).collect();
    hold(&codes_without_words(&tree(), &permissions));
}

#[test]
fn a_file_is_one_thing() {
    hold(&long_files(&tree()));
}

#[test]
fn no_file_or_module_allows_a_lint() {
    hold(&inner_allows(&tree()));
}

#[test]
fn only_the_queue_names_apalis() {
    hold(&apalis_outside_the_queue(&tree()));
}

#[test]
fn a_dependency_has_its_reason() {
    hold(&unexplained_dependencies(&tree()));
}

#[test]
fn dashboards_and_alerts_name_metrics_that_exist() {
    hold(&unknown_metrics(&tree()));
}

#[test]
fn every_metric_is_explained_once() {
    hold(&unexplained_metrics(&tree()));
}

#[test]
fn every_route_of_the_api_is_documented_and_guarded() {
    hold(&bare_routes(&tree()));
}

#[test]
fn the_documents_explain_every_key_of_the_configuration() {
    hold(&unexplained_keys(&tree()));
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    hold(&broken_links(&tree(), &|path| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists()
    }));
}

#[test]
fn each_promise_of_the_queue_has_its_tests() {
    hold(&unkept_promises(&tree()));
}

fn hold(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

// ---- the rules ----

fn sql_outside_a_store(tree: &Tree) -> Vec<String> {
    const MACROS: [&str; 4] = ["sqlx::query", "sqlx::raw_sql", "QueryBuilder", "query_as!("];
    let mut breaches = Vec::new();
    for (path, rust) in sources(tree) {
        let of_a_domain = path.starts_with("jobs/src/");
        if SQL_ALLOWED.iter().any(|p| path.starts_with(p)) || of_a_domain && is_store(path) {
            continue;
        }
        let statement = rust.strings.iter().find(|(_, text)| looks_like_sql(text));
        if let Some((line, text)) = statement {
            let start = text.trim().lines().next().unwrap_or_default();
            breaches.push(format!("{path}:{line} has SQL ({start:?}): move it into a function of the domain's store.rs"));
        } else if let Some(name) = MACROS.iter().find(|name| rust.code.contains(*name)) {
            breaches.push(format!(
                "{path} uses {name}: move the statement into a function of the domain's store.rs"
            ));
        }
    }
    breaches
}

fn edge_uses_a_store(tree: &Tree) -> Vec<String> {
    sources(tree)
        .filter(|(path, rust)| path.starts_with("src/") && words(&rust.code).any(|w| w == "store"))
        .map(|(path, _)| format!("{path} names a `store`: call a public function of the domain, or add one; `store` stays private to its domain"))
        .collect()
}

fn foreign_tables(tree: &Tree) -> Vec<String> {
    let domains = domains(tree);
    let mut breaches = Vec::new();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for (path, sql) in tree {
        let Some(stem) = path
            .strip_prefix("migrations/")
            .and_then(|p| p.strip_suffix(".sql"))
        else {
            continue;
        };
        let name = stem.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
        let owner = domains
            .iter()
            .filter(|d| name == **d || name.starts_with(&format!("{d}_")))
            .max_by_key(|d| d.len());
        let Some(owner) = owner else {
            breaches.push(format!("{path}: call it NNNN_<domain>.sql or NNNN_<domain>_<what>.sql; no folder of jobs/src/ is called {name:?}"));
            continue;
        };
        for table in tables_after(sql, &["table"]) {
            let other = owners.entry(table.clone()).or_insert(owner);
            if other != owner {
                breaches.push(format!("{path}: table {table} belongs to {other}: move the statement to a migration of {other}"));
            }
        }
    }
    for (path, rust) in sources(tree) {
        let Some(domain) = domain_of(path) else {
            continue;
        };
        for (line, text) in rust.strings.iter().filter(|_| is_store(path)) {
            for table in tables_after(text, &["from", "join", "into", "update", "using", "table"]) {
                match owners.get(&table) {
                    Some(owner) if *owner != domain => breaches.push(format!(
                        "{path}:{line} touches {table}, which belongs to {owner}: call a public function of {owner}, or enqueue one of its jobs"
                    )),
                    _ => {}
                }
            }
        }
    }
    breaches
}

/// `Context.db` sees nothing by itself, and `Context.owner` may see everything: neither is for a statement of a domain.
fn outside_of_a_workspace(tree: &Tree) -> Vec<String> {
    const BEGINS: [&str; 8] = [
        "db.begin(",
        "db.begin_with(",
        "db.try_begin(",
        "db.acquire(",
        "db.try_acquire(",
        "pool.begin(",
        "pool.begin_with(",
        "pool.acquire(",
    ];
    const RUNS: [&str; 6] = [
        "fetch(",
        "fetch_one(",
        "fetch_all(",
        "fetch_optional(",
        "fetch_many(",
        "execute(",
    ];
    let mut breaches = Vec::new();
    for (path, rust) in sources(tree) {
        let of_the_product = path.starts_with("jobs/src/") || path.starts_with("src/");
        if !of_the_product || path.starts_with("jobs/src/testing") {
            continue;
        }
        // As rustfmt breaks them, a call's parts may stand on several lines.
        let code: String = rust.code.split_whitespace().collect();
        let runs = RUNS
            .iter()
            .flat_map(|run| code.match_indices(run))
            .find(|(at, run)| {
                let argument = code[at + run.len()..]
                    .split([')', ','])
                    .next()
                    .unwrap_or_default();
                argument.starts_with('&')
                    && (argument.ends_with("db") || argument.ends_with("pool"))
            });
        if let Some(begins) = BEGINS.iter().find(|begins| code.contains(*begins)) {
            breaches.push(format!("{path} has {begins}…): begin with database::tenant(), or database::platform() and why"));
        } else if let Some((_, run)) = runs {
            breaches.push(format!("{path} has {run}&…db): run it in database::tenant(), or database::platform() and why"));
        }
        let for_the_owner =
            path.starts_with("src/") || OF_THE_OWNER.iter().any(|(file, _)| *file == path);
        if !for_the_owner && words(&rust.code).any(|word| word == "owner") {
            breaches.push(format!("{path} names the owner's connections: use database::tenant(), or say why in OF_THE_OWNER"));
        }
    }
    for (path, text) in tree {
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let asks =
                line.contains("database::platform(&") || line.contains("database::platform(db");
            let says = lines[number.saturating_sub(3)..number]
                .iter()
                .any(|line| line.trim_start().starts_with("//"));
            let program = (path.starts_with("jobs/src/") || path.starts_with("src/"))
                && !path.contains("test")
                && path != "jobs/src/channels/directory.rs";
            if program && asks && !says {
                breaches.push(format!(
                    "{path}:{} works across workspaces: say why in a comment above",
                    number + 1
                ));
            }
        }
    }
    breaches
}

fn misnamed_jobs(tree: &Tree, registered: &BTreeSet<String>) -> Vec<String> {
    let mut breaches = Vec::new();
    let mut named = BTreeSet::new();
    for (path, rust) in sources(tree) {
        let Some(domain) = domain_of(path) else {
            continue;
        };
        for (at, _) in rust.code.match_indices("const NAME: &'static str") {
            let line = line_of(&rust.code, at);
            let Some((_, name)) = rust
                .strings
                .iter()
                .find(|(l, _)| (line..line + 3).contains(l))
            else {
                breaches.push(format!("{path}:{line}: write the NAME as a literal: it is stored in rows and must never change"));
                continue;
            };
            if !ADOPTED.contains(&(domain, name.as_str()))
                && !name
                    .strip_prefix(domain)
                    .is_some_and(|verb| verb.starts_with('.'))
            {
                breaches.push(format!("{path}:{line}: the job {name:?} lies in the domain {domain}: call it \"{domain}.<verb>\""));
            }
            if !registered.contains(name) {
                breaches.push(format!("{path}:{line}: the job {name:?} is not registered, no worker would run it: add `.register::<…>()` to the registry of {domain}"));
            }
            if !named.insert(name.clone()) {
                breaches.push(format!("{path}:{line}: another job is called {name:?} too: the registry keeps only one of them"));
            }
        }
    }
    for name in registered.difference(&named) {
        breaches.push(format!(
            "the registered job {name:?} is not in a folder of jobs/src/: put it into its domain's"
        ));
    }
    breaches
}

fn upward_imports(tree: &Tree) -> Vec<String> {
    let domains = kazi_jobs::DOMAINS.iter().map(|own| (own.name, own.floor));
    let floors: BTreeMap<&str, usize> = domains.chain(OTHER_FLOORS).collect();
    let floor_of = |domain: &str| floors.get(domain).copied();
    let mut breaches = BTreeSet::new();
    for (path, rust) in sources(tree) {
        let Some(inner) = path.strip_prefix("jobs/src/") else {
            continue;
        };
        let top = inner.split('/').next().unwrap_or_default();
        let domain = top.trim_end_matches(".rs");
        // The list knows all domains. `testing` is of the tests.
        if domain == "lib" || domain == "testing" {
            continue;
        }
        let Some(floor) = floor_of(domain) else {
            breaches.insert(format!(
                "{path}: {domain} is on no floor: add its DOMAIN to DOMAINS in jobs/src/lib.rs, with a floor above all that it uses"
            ));
            continue;
        };
        for used in used_domains(&rust.code) {
            let Some(other) = floor_of(used) else {
                continue;
            };
            if used != domain && (other > floor || other == floor && floor >= ALONE) {
                breaches.insert(format!(
                    "{path} uses crate::{used}, which is not below {domain}: move the code up to a domain above both, or let {used} offer a table of functions in its DOMAIN"
                ));
            }
        }
    }
    breaches.into_iter().collect()
}

/// The table of floors in ARCHITECTURE.md has a row for each floor, with its domains.
fn undrawn_floors(tree: &Tree) -> Vec<String> {
    let text = tree.get("ARCHITECTURE.md").map_or("", String::as_str);
    let rows = text.lines().filter_map(|line| {
        let (floor, rest) = line.strip_prefix("| ")?.split_once(" | ")?;
        Some((floor.parse::<usize>().ok()?, rest.split_once(" | ")?.0))
    });
    let drawn: BTreeSet<(usize, &str)> = rows
        .flat_map(|(floor, names)| names.split(", ").map(move |name| (floor, name)))
        .collect();
    let own = kazi_jobs::DOMAINS.iter();
    own.filter(|own| !drawn.contains(&(own.floor, own.name)))
        .map(|own| {
            let (name, floor) = (own.name, own.floor);
            format!("ARCHITECTURE.md: write {name} in the row of floor {floor}")
        })
        .collect()
}

/// The first names of all paths that begin with `crate::`, those in braces too.
fn used_domains(code: &str) -> BTreeSet<&str> {
    let mut used = BTreeSet::new();
    for (at, start) in code.match_indices("crate::") {
        let rest = code[at + start.len()..].trim_start();
        let Some(list) = rest.strip_prefix('{') else {
            used.extend(words(rest).next());
            continue;
        };
        let mut depth = 0;
        let mut first = true;
        for (place, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => first = true,
                c if first && (c.is_alphanumeric() || c == '_') => {
                    used.extend(words(&list[place..]).next());
                    first = false;
                }
                _ => {}
            }
        }
    }
    used
}

/// What the audit log records: texts of two words in the calls of the domains. A job, a schedule and a permission are declared
/// after `=` or in a `Schedule`, and no documents are read.
fn actions(tree: &Tree) -> BTreeSet<String> {
    let mut domains: BTreeSet<&str> = kazi_jobs::DOMAINS.iter().map(|own| own.name).collect();
    domains.extend(["invitations", "members"]);
    let mut found = BTreeSet::new();
    for (path, rust) in sources(tree) {
        if !path.starts_with("jobs/src/") && !path.starts_with("src/api/") {
            continue;
        }
        for (before, (_, text)) in rust.code.split("\"\"").zip(&rust.strings) {
            let before = before.trim_end();
            let declared = before.ends_with('=') && !before.ends_with("action =");
            let example = before
                .rsplit(';')
                .next()
                .is_some_and(|one| one.contains("example ="));
            let own = text.split_once('.').is_some_and(|(domain, act)| {
                let word = |c: char| c.is_ascii_lowercase() || c == '_';
                domains.contains(domain) && !act.is_empty() && act.chars().all(word)
            });
            if own && !declared && !example && !before.ends_with("Schedule::new(") {
                found.insert(text.clone());
            }
        }
    }
    found
}

fn codes_without_words(tree: &Tree, permissions: &BTreeSet<&str>) -> Vec<String> {
    let actions = actions(tree);
    let actions = actions.iter().map(String::as_str).collect();
    let mut breaches = Vec::new();
    for language in ["en", "fr", "es", "pt", "ar", "hi"] {
        let path = format!("web/src/locales/codes/{language}.json");
        let words = tree.get(&path).map_or("{}", String::as_str);
        let words: BTreeMap<String, BTreeMap<String, String>> =
            serde_json::from_str(words).unwrap();
        for (kind, codes) in [("actions", &actions), ("permissions", permissions)] {
            let known = words.get(kind).into_iter().flatten();
            let known = known.filter(|(_, words)| !words.trim().is_empty());
            let known: BTreeSet<&str> = known.map(|(code, _)| code.as_str()).collect();
            breaches.extend(codes.difference(&known).map(|code| {
                format!(
                    "{path}: `{code}` has no words: write them below `{kind}`, in each language"
                )
            }));
            breaches.extend(known.difference(codes).map(|code| {
                format!("{path}: nothing has the code `{code}` any more: delete it below `{kind}`")
            }));
        }
    }
    breaches
}

fn long_files(tree: &Tree) -> Vec<String> {
    sources(tree)
        .map(|(path, rust)| (path, rust.code.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(path, lines)| format!("{path} has {lines} lines without its tests, more than {MAX_LINES}: it is more than one thing; split it"))
        .collect()
}

/// clippy's `allow_attributes` sees `#[allow]`, but not `#![allow]` at the head of a file or a module.
fn inner_allows(tree: &Tree) -> Vec<String> {
    tree.iter()
        .filter(|(path, _)| path.ends_with(".rs"))
        .filter(|(_, text)| read(text).code.contains("#![allow("))
        .map(|(path, _)| format!("{path} allows a lint: obey it, or write `#[expect(the_lint, reason = \"…\")]`, which complains once nothing needs it"))
        .collect()
}

fn apalis_outside_the_queue(tree: &Tree) -> Vec<String> {
    let code = sources(tree)
        .filter(|(_, rust)| words(&rust.code).any(|word| word.starts_with("apalis")))
        .map(|(path, _)| path);
    let manifests = tree
        .iter()
        .filter(|(path, text)| path.ends_with("/Cargo.toml") && text.contains("apalis"))
        .map(|(path, _)| path.as_str());
    code.chain(manifests)
        .filter(|path| !path.starts_with("crates/queue/"))
        .map(|path| {
            format!(
                "{path} names apalis: use kazi_queue's own types; the engine under them may change"
            )
        })
        .collect()
}

fn unexplained_dependencies(tree: &Tree) -> Vec<String> {
    let named = tree["Cargo.toml"]
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    let named: BTreeSet<&str> = named
        .filter_map(|line| Some(line.split_once('=')?.0.trim()))
        .filter(|name| !name.starts_with("kazi-"))
        .collect();
    let explained: BTreeSet<&str> = tree["docs/dependencies.md"]
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| ")?.split_once(" |")?.0))
        .filter(|name| *name != "crate")
        .collect();
    let missing = named.difference(&explained).map(|name| {
        format!("docs/dependencies.md: write a line for {name}: what for, and why this one")
    });
    let left = explained.difference(&named).map(|name| {
        format!("docs/dependencies.md: drop the line of {name}: nothing depends on it")
    });
    missing.chain(left).collect()
}

fn unknown_metrics(tree: &Tree) -> Vec<String> {
    const SERIES: [&str; 3] = ["_bucket", "_count", "_sum"];
    let exported: BTreeSet<String> = sources(tree)
        .flat_map(|(_, rust)| rust.strings.into_iter().map(|(_, text)| text))
        .filter(|text| text.starts_with("kazi_"))
        .collect();
    let mut breaches = BTreeSet::new();
    for (path, text) in tree.iter().filter(|(path, _)| path.starts_with("grafana/")) {
        for word in words(text).filter(|word| word.starts_with("kazi_")) {
            let base = SERIES.iter().find_map(|end| word.strip_suffix(end));
            if !exported.contains(word) && !base.is_some_and(|base| exported.contains(base)) {
                breaches.insert(format!("{path} shows {word}, which nothing exports: name it as the code does, or drop it"));
            }
        }
    }
    breaches.into_iter().collect()
}

fn unexplained_metrics(tree: &Tree) -> Vec<String> {
    const MACROS: [&str; 3] = ["counter!(", "gauge!(", "histogram!("];
    let mut explained = BTreeMap::new();
    let mut breaches = Vec::new();
    for (path, table) in tree
        .iter()
        .filter(|(path, _)| path.ends_with("/figures.txt"))
    {
        let names = table
            .lines()
            .filter_map(|line| line.split(['{', ' ']).nth(1));
        for name in names {
            if let Some(other) = explained.insert(name, path) {
                breaches.push(format!("{path}: drop {name}, which {other} explains too"));
            }
        }
    }
    let exported: BTreeSet<&str> = sources(tree)
        .filter_map(|(path, _)| tree.get(path))
        .flat_map(|text| MACROS.map(|name| text.split(name).skip(1)))
        .flatten()
        .filter_map(|after| after.trim_start().strip_prefix('"')?.split('"').next())
        .filter(|name| name.starts_with("kazi_"))
        .collect();
    let bare = exported
        .iter()
        .filter(|name| !explained.contains_key(*name));
    breaches.extend(bare.map(|name| {
        format!("{name}: explain it in a line of the figures.txt of its domain, or of src")
    }));
    let gone = explained
        .iter()
        .filter(|(name, _)| !exported.contains(*name));
    breaches.extend(gone.map(|(name, path)| format!("{path}: drop {name}, which nothing exports")));
    breaches
}

fn unkept_promises(tree: &Tree) -> Vec<String> {
    const TABLE: &str = "crates/queue/PROMISES.md";
    const PROMISES: usize = 19;
    let table = tree.get(TABLE).map_or("", String::as_str);
    let named: BTreeSet<&str> = words(table).filter(|word| is_promise(word)).collect();
    let there: BTreeSet<&str> = tree
        .iter()
        .filter(|(path, _)| path.starts_with("crates/queue/src/"))
        .flat_map(|(_, text)| text.split("fn ").skip(1))
        .filter_map(|after| words(after).next())
        .filter(|word| is_promise(word))
        .collect();
    let missing = named
        .difference(&there)
        .map(|name| format!("{TABLE} names {name}, which is no test: write it, or drop it there"));
    let unnamed = there
        .difference(&named)
        .map(|name| format!("{TABLE}: name the test {name} in the row of its promise"));
    let bare = (1..=PROMISES)
        .filter(|n| {
            !named
                .iter()
                .any(|name| name.starts_with(&format!("p{n:02}_")))
        })
        .map(|n| format!("{TABLE}: promise {n} has no test"));
    missing.chain(unnamed).chain(bare).collect()
}

/// Like `p07_…`.
fn is_promise(word: &str) -> bool {
    word.strip_prefix('p').is_some_and(|rest| {
        rest.len() > 3
            && rest.as_bytes()[..2].iter().all(u8::is_ascii_digit)
            && rest.as_bytes()[2] == b'_'
    })
}

/// `Routes` alone registers handlers, with their documentation and who may call them.
fn bare_routes(tree: &Tree) -> Vec<String> {
    const BARE: [&str; 6] = [
        ".route(",
        ".nest(",
        ".route_service(",
        ".fallback(",
        "routing::",
        "OpenApiRouter",
    ];
    const MACHINERY: [&str; 2] = ["src/api/openapi.rs", "src/api/routes.rs"];
    sources(tree)
        .filter(|(path, _)| path.starts_with("src/api/") && !MACHINERY.contains(path))
        .filter_map(|(path, rust)| {
            let bare = BARE.iter().find(|bare| rust.code.contains(*bare))?;
            Some(format!("{path} uses {bare}: add the route through Routes::add, so that it is documented and says who may call it"))
        })
        .collect()
}

fn unexplained_keys(tree: &Tree) -> Vec<String> {
    let empty = String::new();
    let of = |path: &str| tree.get(path).unwrap_or(&empty);
    let mut section = String::new();
    let mut keys = BTreeSet::new();
    for line in of("config/default.toml").lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = format!("{}.", name.trim_end_matches(']'));
        } else if let Some((key, _)) = line
            .split_once(" = ")
            .filter(|(key, _)| !key.starts_with('#'))
        {
            keys.insert(format!("{section}{key}"));
        }
    }
    let rows = of("docs/configuration.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let explained: BTreeSet<String> = rows.map(|(key, _)| key.to_owned()).collect();
    keys.symmetric_difference(&explained)
        .map(|key| format!("the table of docs/configuration.md and config/default.toml must have the same keys: {key} is only in one of them"))
        .collect()
}

/// A link of a Markdown file names a file of the repository and, after `#`, one of its headings. Links to the web are not followed.
fn broken_links(tree: &Tree, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut breaches = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| path.ends_with(".md")) {
        for target in prose(text).flat_map(links) {
            // Also not those of a text that rustdoc shows, which name items.
            if target.contains("://") || target.contains("::") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = match file {
                "" => path.clone(),
                file => beside(path, file),
            };
            if !exists(&file) {
                breaches.push(format!("{path} links to {target}, which is not there"));
            } else if let Some(text) = tree.get(&file).filter(|_| !heading.is_empty())
                && !headings(text).contains(heading)
            {
                breaches.push(format!(
                    "{path} links to {target}: {file} has no such heading"
                ));
            }
        }
    }
    breaches
}

/// The lines of a Markdown text that are not code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// The targets of `[text](target)`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|after| Some(after.split_once(')')?.0))
}

/// The path of `to`, which is said from the file `from`.
fn beside(from: &str, to: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.trim_end_matches('/').split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The names by which the forge links to a text's headings.
fn headings(text: &str) -> BTreeSet<String> {
    prose(text)
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

// ---- reading ----

/// A Rust file taken apart: the code with comments gone and strings empty (lines stay), and the strings with their lines.
struct Rust {
    code: String,
    strings: Vec<(usize, String)>,
}

fn tree() -> Tree {
    let mut tree = Tree::new();
    let roots = [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.toml",
        "README.md",
        "SECURITY.md",
        "config",
        "crates",
        "docs",
        "grafana",
        "jobs",
        "migrations",
        "src",
        "tests",
        "web/src/locales/codes",
    ];
    for folder in roots {
        collect(Path::new(env!("CARGO_MANIFEST_DIR")), folder, &mut tree);
    }
    tree
}

fn collect(root: &Path, path: &str, tree: &mut Tree) {
    let full = root.join(path);
    if full.is_dir() {
        for entry in fs::read_dir(&full).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if !name.starts_with('.') && name != "target" {
                collect(root, &format!("{path}/{name}"), tree);
            }
        }
    } else if [".rs", ".txt", ".sql", ".toml", ".md", ".json", ".yml"]
        .iter()
        .any(|end| path.ends_with(end))
    {
        tree.insert(path.to_owned(), fs::read_to_string(full).unwrap());
    }
}

/// The program's Rust files with their tests cut off: `mod tests` at the foot, files and folders of tests left out.
fn sources(tree: &Tree) -> impl Iterator<Item = (&str, Rust)> {
    tree.iter()
        .filter(|(path, _)| {
            let tests = path
                .split('/')
                .any(|part| part.trim_end_matches(".rs") == "tests");
            path.ends_with(".rs")
                && !tests
                && !path.contains("/examples/")
                && !path.contains("/benches/")
        })
        .map(|(path, text)| {
            let foot = text
                .find("\n#[cfg(test)]\nmod tests {")
                .unwrap_or(text.len());
            (path.as_str(), read(&text[..foot]))
        })
}

/// A lexer of just enough: comments, strings, raw strings, characters.
fn read(text: &str) -> Rust {
    let mut rust = Rust {
        code: String::new(),
        strings: Vec::new(),
    };
    let mut line = 1;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let tail = rest.strip_prefix('r').unwrap_or_default();
        let hashes = tail.bytes().take_while(|b| *b == b'#').count();
        let raw = tail[hashes..].starts_with('"');
        let (skipped, string) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), None)
        } else if rest.starts_with("/*") {
            (rest.find("*/").map_or(rest.len(), |end| end + 2), None)
        } else if raw {
            let start = hashes + 2;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = rest[start..]
                .find(&close)
                .map_or(rest.len(), |end| start + end);
            ((end + close.len()).min(rest.len()), Some(&rest[start..end]))
        } else if c == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            let end = end.map_or(rest.len(), |end| end + 1);
            ((end + 1).min(rest.len()), Some(&rest[1..end]))
        } else if rest.starts_with("'\"'") {
            (3, None)
        } else if rest.starts_with("'\\") {
            (rest[3..].find('\'').map_or(rest.len(), |end| end + 4), None)
        } else {
            rust.code.push(c);
            (c.len_utf8(), None)
        };
        if let Some(string) = string {
            rust.strings.push((line, string.to_owned()));
            rust.code.push_str("\"\"");
        }
        let lines = rest[..skipped].matches('\n').count();
        if c != '\n' {
            rust.code.extend(std::iter::repeat_n('\n', lines));
        }
        line += lines;
        rest = &rest[skipped..];
    }
    rust
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

fn looks_like_sql(text: &str) -> bool {
    const STARTS: [&str; 9] = [
        "SELECT ",
        "INSERT INTO ",
        "UPDATE ",
        "DELETE FROM ",
        "WITH ",
        "CREATE ",
        "ALTER ",
        "DROP ",
        "TRUNCATE ",
    ];
    STARTS
        .iter()
        .any(|start| text.trim_start().starts_with(start))
}

/// The names that follow these words in SQL, comma lists included, without a schema `public.`; in lower case.
fn tables_after(sql: &str, introducers: &[&str]) -> BTreeSet<String> {
    const BETWEEN: [&str; 6] = ["if", "not", "exists", "only", "lateral", "as"];
    let lower = sql
        .lines()
        .map(|l| l.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
        .to_lowercase();
    let spaced = lower
        .replace(',', " , ")
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace(';', " ; ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut tables = BTreeSet::new();
    for (at, _) in tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| introducers.contains(token))
    {
        let mut tail = tokens[at + 1..]
            .iter()
            .skip_while(|token| BETWEEN.contains(token));
        // `do update set a = 1, b = 2` names columns.
        while let Some(name) = tail.next().filter(|name| **name != "set") {
            tables.insert(
                name.trim_start_matches("public.")
                    .trim_matches('"')
                    .to_owned(),
            );
            // `from a x, b y`: the next name comes after a comma that follows at most an alias. `into a (x, y)` has columns.
            let mut near = tail.by_ref().take(3).take_while(|token| **token != "(");
            let comma = near.position(|token| *token == ",");
            if comma.is_none_or(|place| place > 2) || introducers == ["table"] {
                break;
            }
        }
    }
    tables
}

fn is_store(path: &str) -> bool {
    path.ends_with("/store.rs") || path.contains("/store/")
}

fn domains(tree: &Tree) -> BTreeSet<&str> {
    tree.keys().filter_map(|path| domain_of(path)).collect()
}

/// The folder below jobs/src/; none for a file that lies in jobs/src/ itself.
fn domain_of(path: &str) -> Option<&str> {
    path.strip_prefix("jobs/src/")?
        .split_once('/')
        .map(|(domain, _)| domain)
}

// ---- the rules themselves ----

#[test]
fn each_rule_sees_a_breach() {
    let bad: Tree = [
        ("migrations/0010_shop.sql", "CREATE TABLE IF NOT EXISTS carts (id uuid);"),
        ("migrations/0020_mail.sql", "CREATE TABLE letters (id uuid); ALTER TABLE carts ADD x int;"),
        ("migrations/0030_nobody.sql", "CREATE TABLE things (id uuid);"),
        ("jobs/src/shop/mod.rs", "impl Job for Sell { const NAME: &'static str = \"selling.sell\"; } #![allow(dead_code)] use apalis_core as x;"),
        ("jobs/src/shop/store.rs", "query!(r#\"SELECT 1 FROM carts c, letters l\"#); // FROM letters"),
        ("jobs/src/mail/send.rs", "const A: char = '\"'; query!(\"UPDATE letters SET x = 1\");"),
        ("src/api/shop.rs", "Router::new().route(\"/x\", get(x))"),
        ("src/api.rs", "use kazi_jobs::mail::store::all; const S: &str = \"DELETE FROM letters\";"),
        ("Cargo.toml", "[workspace.dependencies]\nkazi-jobs = 1\nserde = 1\n[package]\nname = 1"),
        ("docs/configuration.md", "| `http.bind` | x |\n| `gone` | x |"),
        ("docs/links.md", "# A head: 1\n[a](#a-head-1) [b](#b) [c](../src/fine.rs) [d](gone.md) [e](https://x.example/y)\n```\n[f](gone.md)\n```"),
        ("config/default.toml", "# a = 1\n[http]\nbind = 1\nport = 1"),
        ("docs/dependencies.md", "| crate | x |\n|---|---|\n| left | x |"),
        ("grafana/a.json", "rate(kazi_gone_bucket) kazi_there_sum"),
        ("src/metrics.rs", "histogram!(\"kazi_there\");"),
        ("src/figures.txt", "counter kazi_left_total{a=b} Is not counted any more."),
        ("jobs/src/shop/figures.txt", "counter kazi_left_total Is explained twice."),
        ("jobs/src/shop/sell.rs", "let mut tx = ctx\n    .db\n    .begin().await?;"),
        ("jobs/src/shop/list.rs", "one(conn).fetch_one(&ctx.db); cores.acquire(); database::tenant(&ctx.db, w).await?;"),
        ("jobs/src/shop/fetch.rs", "let conn = ctx.owner.acquire().await?;"),
        ("jobs/src/shop/all.rs", "\n\n\nlet tx = database::platform(&ctx.db).await?;\n// It says why.\nlet tx = database::platform(&ctx.db);"),
        ("src/long.rs", &"fn f() {}\n".repeat(MAX_LINES + 1)),
        ("src/fine.rs", "// store\nfn f() {}\n#[cfg(test)]\nmod tests {\n const S: &str = \"SELECT 1\";\n}"),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .collect();
    let seen = |breaches: Vec<String>| {
        breaches
            .iter()
            .map(|b| b.split([' ', ':']).next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        seen(sql_outside_a_store(&bad)),
        ["jobs/src/mail/send.rs", "src/api.rs"]
    );
    assert_eq!(seen(edge_uses_a_store(&bad)), ["src/api.rs"]);
    assert_eq!(
        seen(foreign_tables(&bad)),
        [
            "migrations/0020_mail.sql",
            "migrations/0030_nobody.sql",
            "jobs/src/shop/store.rs"
        ]
    );
    assert_eq!(
        seen(outside_of_a_workspace(&bad)),
        [
            "jobs/src/shop/fetch.rs",
            "jobs/src/shop/list.rs",
            "jobs/src/shop/sell.rs",
            "jobs/src/shop/all.rs"
        ]
    );
    assert_eq!(
        seen(misnamed_jobs(&bad, &["x.y".to_owned()].into())),
        ["jobs/src/shop/mod.rs", "jobs/src/shop/mod.rs", "the"]
    );
    let layered = [
        (
            "jobs/src/channels/a.rs",
            "use crate::{\n    audit::{self, Change},\n    orders::OrderId,\n};",
        ),
        (
            "jobs/src/news/a.rs",
            "crate::support::open(); crate::messages::send();",
        ),
        ("jobs/src/orders/tests.rs", "use crate::support::open;"),
        ("jobs/src/shop/mod.rs", ""),
    ];
    let layered: Tree = layered
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    assert_eq!(
        seen(upward_imports(&layered)),
        [
            "jobs/src/channels/a.rs",
            "jobs/src/news/a.rs",
            "jobs/src/shop/mod.rs"
        ]
    );
    assert_eq!(undrawn_floors(&bad).len(), kazi_jobs::DOMAINS.len());
    assert_eq!(seen(long_files(&bad)), ["src/long.rs"]);
    assert_eq!(seen(inner_allows(&bad)), ["jobs/src/shop/mod.rs"]);
    assert_eq!(
        seen(apalis_outside_the_queue(&bad)),
        ["jobs/src/shop/mod.rs"]
    );
    assert_eq!(
        seen(unexplained_dependencies(&bad)),
        ["docs/dependencies.md", "docs/dependencies.md"]
    );
    assert_eq!(seen(unknown_metrics(&bad)), ["grafana/a.json"]);
    assert_eq!(
        seen(unexplained_metrics(&bad)),
        ["src/figures.txt", "kazi_there", "src/figures.txt"]
    );
    assert_eq!(seen(bare_routes(&bad)), ["src/api/shop.rs"]);
    assert_eq!(unexplained_keys(&bad).len(), 2);
    let there = |path: &str| bad.contains_key(path);
    assert_eq!(broken_links(&bad, &there).len(), 2);
    assert_eq!(unkept_promises(&bad).len(), 19);
    let silent =
        "const NAME: &str = \"catalog.count\";\nChange::done(\"catalog.vanish\", subject);";
    let silent = Tree::from([("jobs/src/catalog/vanish.rs".to_owned(), silent.to_owned())]);
    let breaches = codes_without_words(&silent, &["catalog.read"].into());
    let about = |code: &str| {
        breaches
            .iter()
            .filter(|breach| breach.contains(code))
            .count()
    };
    assert_eq!(
        (
            about("catalog.vanish"),
            about("catalog.read"),
            breaches.len()
        ),
        (6, 6, 12)
    );
}

/// Kubernetes tells a container of the Service `kazi` in variables that look like ours.
#[test]
fn no_pod_is_told_of_services_by_its_environment() {
    for file in ["migrate", "serve", "work"] {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("deploy/kubernetes/{file}.yaml"));
        let manifest = fs::read_to_string(path).unwrap();
        assert_eq!(
            manifest.matches("    spec:\n").count(),
            manifest
                .matches("      enableServiceLinks: false\n")
                .count(),
            "{file}"
        );
    }
}
