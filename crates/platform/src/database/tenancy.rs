//! Checks in PostgreSQL's catalogue that row-level security keeps the workspaces apart. `kazi doctor` and the tests use
//! it.

use sqlx::PgPool;

/// A table or view that the program's roles may use.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Table {
    /// The name in the schema `public`.
    pub name: String,
    /// The table has a column `workspace_id`.
    pub of_a_workspace: bool,
    partition: bool,
    view: bool,
    /// Of a table: row-level security is on, also for the owner. Of a view: the role `kazi_platform` owns it, and its
    /// query names the current workspace.
    forced: bool,
    /// The policies, each as `name role using check`, sorted.
    policies: Vec<String>,
}

impl Table {
    /// Returns a sentence about the first fault of the table, or `None`.
    pub fn fault(&self) -> Option<String> {
        let name = &self.name;
        if self.view {
            return (!self.forced).then(|| {
                format!(
                    "the view {name} is not one of workspace_view(): it may show all workspaces"
                )
            });
        }
        if !self.forced {
            return Some(format!(
                "row-level security is not forced on {name}: end its migration with belongs_to_workspace() or belongs_to_platform()"
            ));
        }
        let mut wanted = Vec::new();
        // Nobody reads the rows of a partition directly. The policies of its table count.
        if !self.partition {
            wanted.push("platform kazi_platform true true".to_owned());
            let column = match self.of_a_workspace {
                true => Some("workspace_id"),
                false if name == "workspaces" => Some("id"),
                false => None,
            };
            wanted.extend(column.map(|column| {
                let own = format!("({column} = current_workspace())");
                format!("tenant kazi_app {own} {own}")
            }));
        }
        (self.policies != wanted).then(|| {
            format!(
                "the policies of {name} are {:?}, not {wanted:?}",
                self.policies
            )
        })
    }
}

/// Returns all tables and views of the schema `public` that the program's roles may use, but not those of extensions.
///
/// # Errors
/// The roles do not exist, because the database is not migrated, or the query fails.
pub async fn tables(owner: &PgPool) -> Result<Vec<Table>, sqlx::Error> {
    sqlx::query_as(
        "SELECT c.relname::text AS name, c.relispartition AS partition, c.relkind IN ('v', 'm') AS view,
                EXISTS (SELECT FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped) AS of_a_workspace,
                CASE WHEN c.relkind = 'v'
                     THEN pg_get_userbyid(c.relowner) = 'kazi_platform'
                          AND pg_get_viewdef(c.oid) LIKE '%.workspace_id = current_workspace())%'
                     ELSE c.relrowsecurity AND c.relforcerowsecurity END AS forced,
                ARRAY(SELECT concat_ws(' ', p.polname, (SELECT string_agg(r.rolname, ',') FROM pg_roles r
                                                        WHERE r.oid = ANY(p.polroles)),
                                       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
                      FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY p.polname) AS policies
         FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
           AND (has_table_privilege('kazi_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
                OR has_table_privilege('kazi_platform', c.oid, 'SELECT, INSERT, UPDATE, DELETE'))
           AND NOT EXISTS (SELECT FROM pg_depend d
                           WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
         ORDER BY 1",
    )
    .fetch_all(owner)
    .await
}

/// Returns the faults of the roles that the program uses, one sentence each.
pub async fn role_faults(owner: &PgPool, db: &PgPool) -> Result<Vec<String>, sqlx::Error> {
    let mut faults = Vec::new();
    let roles: Vec<(String, bool, bool, bool)> = sqlx::query_as(
        "SELECT w.name, r.oid IS NOT NULL, coalesce(r.rolsuper OR r.rolbypassrls, false),
                EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))
         FROM unnest(ARRAY['kazi_app', 'kazi_platform']) AS w(name) LEFT JOIN pg_roles r ON r.rolname = w.name",
    )
    .fetch_all(owner)
    .await?;
    for (role, there, bypasses, owns) in roles {
        if !there {
            faults.push(format!("there is no role {role}"));
        }
        if bypasses {
            faults.push(format!(
                "{role} is a superuser or bypasses row-level security"
            ));
        }
        if owns {
            faults.push(format!("{role} owns tables"));
        }
    }
    if faults.is_empty() {
        let works_as: String = sqlx::query_scalar("SELECT current_user::text")
            .fetch_one(db)
            .await?;
        if works_as != "kazi_app" {
            faults.push(format!("the program works as {works_as} and not as kazi_app: a pooler keeps its start-up options from the server"));
        }
    }
    Ok(faults)
}
