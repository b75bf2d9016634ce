//! Builds the OpenAPI document from the routes. The common parts of all operations are added here: the access, the
//! headers of every POST, and the problems.

mod problems;

use std::collections::{HashMap, HashSet};

use axum::{
    Router,
    http::{Method, StatusCode},
};
use kazi_jobs::identity::ApiToken;
use utoipa::{
    PartialSchema,
    openapi::{
        Components, Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required,
        ResponseBuilder, Server,
        header::HeaderBuilder,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem, Paths},
        schema::{ObjectBuilder, Schema, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
        tag::TagBuilder,
    },
};
use utoipa_axum::router::OpenApiRouter;

use self::problems::{FieldProblem, PROBLEM_JSON, PROBLEMS, ProblemBody};
use super::{
    Shared, all,
    auth::WORKSPACE,
    gate::{IDEMPOTENCY_KEY, KEY_LIMIT},
    routes::{Access, Routes},
};

const ABOUT: &str = "\
Kazi for programs. All answers are JSON; every error is `application/problem+json` (RFC 9457) with a stable `code`.

- **Who calls**: `Authorization: Bearer`, a member's access token, a workspace's API key (`kz_live_…`) or a customer's \
token. A member names the workspace by `X-Workspace-Id`, unless the token has an active one.
- **Lists** come in pages: `limit`, and `cursor` with the `next_cursor` of the page before. A query key that is not \
listed here is refused.
- **Repeating a POST** is safe with an `Idempotency-Key`: for 24 hours the same call gets the same answer, with \
`Idempotency-Replayed: true`.
- **Changing what others may change**: send the `ETag` that you read as `If-Match`.
- **Limits**: 429 with `Retry-After`; `RateLimit-Limit` and `RateLimit-Remaining` tell how you stand.
- Each answer has an `X-Request-Id`: yours, if you send one.";

/// The query keys of each operation, by method and path.
pub type Declared = HashMap<(Method, String), HashSet<String>>;

/// The document for a server at this address. Without one, for the server that shows it.
pub fn document(public_url: &str) -> OpenApi {
    build(all(), public_url).1
}

pub fn build(domains: Vec<Routes>, public_url: &str) -> (Router<Shared>, OpenApi) {
    let tag = |routes: &Routes| {
        TagBuilder::new()
            .name(routes.tag)
            .description(Some(routes.about))
            .build()
    };
    let tags: Vec<_> = domains.iter().map(tag).collect();
    let mut components = Components::new();
    describe(&mut components);
    let base = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Kazi")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(ABOUT))
                .build(),
        )
        .servers(Some([Server::new(if public_url.is_empty() {
            "/"
        } else {
            public_url
        })]))
        .components(Some(components))
        .tags(Some(tags))
        .build();
    let methods = domains.into_iter().flat_map(|routes| routes.methods);
    let router = OpenApiRouter::with_openapi(base);
    let (router, mut document) = methods
        .fold(router, OpenApiRouter::routes)
        .split_for_parts();
    locate(&mut document.paths);
    (router, document)
}

/// Returns true when a path is a collection's path with one variable at its end.
fn is_one_of(path: &str, collection: &str) -> bool {
    let rest = path.strip_prefix(collection);
    rest.and_then(|rest| rest.strip_prefix("/{"))
        .is_some_and(|rest| !rest.contains('/'))
}

/// Documents `Location` where a POST creates a thing that a GET shows: its answer is
/// [`Created`](super::created::Created).
fn locate(paths: &mut Paths) {
    let shown: Vec<String> = paths
        .paths
        .iter()
        .filter(|(_, item)| item.get.is_some())
        .map(|(path, _)| path.clone())
        .collect();
    for (path, item) in &mut paths.paths {
        let post = item.post.as_mut();
        let made = post.and_then(|post| post.responses.responses.get_mut("201"));
        if let Some(RefOr::T(made)) = made
            && shown.iter().any(|one| is_one_of(one, path))
        {
            let location = HeaderBuilder::new()
                .schema(Some(String::schema()))
                .description(Some("The path of what was made."))
                .build();
            made.headers.insert("Location".to_owned(), location.into());
        }
    }
}

fn describe(components: &mut Components) {
    for (name, schema) in [
        ("Problem", ProblemBody::schema()),
        ("FieldError", FieldProblem::schema()),
    ] {
        components.schemas.insert(name.to_owned(), schema);
    }
    for (status, name, when) in PROBLEMS {
        let mut response = ResponseBuilder::new().description(when).content(
            PROBLEM_JSON,
            Content::new(Some(Ref::from_schema_name("Problem"))),
        );
        if [
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::SERVICE_UNAVAILABLE,
        ]
        .contains(&status)
        {
            let seconds = HeaderBuilder::new()
                .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
                .description(Some("Seconds."))
                .build();
            response = response.header("Retry-After", seconds);
        }
        components
            .responses
            .insert(name.to_owned(), response.build().into());
    }
    let bearers = [
        (
            "member",
            "JWT",
            "A member's access token, good for 10 minutes.",
        ),
        (
            "api_key",
            ApiToken::PREFIX,
            "A workspace's key; its scopes are permissions.",
        ),
        ("customer", "JWT", "A customer's token."),
    ];
    for (name, format, about) in bearers {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format(format)
            .description(Some(about))
            .build();
        components
            .security_schemes
            .insert(name.to_owned(), SecurityScheme::Http(scheme).into());
    }
}

/// Adds the consequences of the access to a path's operations.
pub fn complete(path: &str, item: &mut PathItem, tag: &str, access: Access) {
    let operations = [
        (&mut item.get, false),
        (&mut item.put, false),
        (&mut item.post, true),
        (&mut item.delete, false),
        (&mut item.patch, false),
    ];
    for (operation, is_post) in operations {
        if let Some(operation) = operation {
            complete_one(path, operation, is_post, tag, access);
        }
    }
}

fn complete_one(path: &str, operation: &mut Operation, is_post: bool, tag: &str, access: Access) {
    operation.tags = Some(vec![tag.to_owned()]);
    let name = operation.operation_id.take().unwrap_or_default();
    operation.operation_id = Some(format!("{}_{name}", tag.replace('-', "_")));
    let (schemes, scope): (&[&str], _) = match access {
        Access::Public => (&[], None),
        Access::User | Access::Member | Access::Staff => (&["member"], None),
        Access::Customer => (&["customer"], None),
        Access::Allowed(permission) if permission.rule().keys => {
            (&["member", "api_key"], Some(permission))
        }
        Access::Allowed(permission) => (&["member"], Some(permission)),
    };
    let scopes: Vec<&str> = scope.iter().map(|permission| permission.name()).collect();
    let security = schemes.iter();
    operation.security = Some(
        security
            .map(|scheme| SecurityRequirement::new(*scheme, scopes.iter().copied()))
            .collect(),
    );
    if let Some(permission) = scope {
        let rule = permission.rule();
        let fresh = if rule.step_up {
            ", with a fresh second factor where one is set up"
        } else {
            ""
        };
        let needs = format!(
            "Needs `{permission}`: {} and above{fresh}.",
            rule.least.name()
        );
        let about = operation
            .description
            .take()
            .filter(|about| !about.is_empty());
        operation.description = Some(match about {
            Some(about) => format!("{about}\n\n{needs}"),
            None => needs,
        });
    }

    let parameters = operation.parameters.get_or_insert_default();
    let has = |parameters: &[RefOr<Parameter>], id: &str| {
        parameters.iter().any(|parameter| {
            matches!(parameter, RefOr::T(known) if known.parameter_in == ParameterIn::Path && known.name == id)
        })
    };
    let ids = path
        .split(['{', '}'])
        .skip(1)
        .step_by(2)
        .filter(|id| !has(parameters, id))
        .map(|id| parameter(id, ParameterIn::Path, "Which one."))
        .collect::<Vec<_>>();
    parameters.extend(ids);
    if is_post && access != Access::Public {
        let key = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(KEY_LIMIT))
            .pattern(Some("^[!-~]([ -~]*[!-~])?$"));
        let about =
            "Makes it safe to send the call again: up to 255 visible characters of your choice.";
        let place = ParameterIn::Header;
        parameters.push(described(IDEMPOTENCY_KEY.as_str(), place, about, key));
    }
    if matches!(access, Access::Member | Access::Allowed(_)) {
        parameters.push(parameter(
            WORKSPACE.as_str(),
            ParameterIn::Header,
            "The workspace, where it is not the token's active one.",
        ));
    }

    let (takes, names) = (operation.request_body.is_some(), path.contains('{'));
    let conditional = parameters
        .iter()
        .any(|parameter| matches!(parameter, RefOr::T(known) if known.name == "If-Match"));
    // The routes only say when they refuse; all refusals have the same form.
    for (status, response) in &mut operation.responses.responses {
        if let (RefOr::T(response), '4' | '5') = (response, status.chars().next().unwrap_or('2')) {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            response
                .content
                .insert(PROBLEM_JSON.to_owned(), problem.into());
        }
    }
    for (status, name, _) in PROBLEMS {
        let applies = match status {
            StatusCode::BAD_REQUEST => takes || is_post,
            StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNSUPPORTED_MEDIA_TYPE => takes,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => access != Access::Public,
            StatusCode::NOT_FOUND => names,
            StatusCode::CONFLICT => is_post,
            StatusCode::PRECONDITION_FAILED => conditional,
            // All operations, including 422, because an unknown query key is refused.
            _ => true,
        };
        if applies {
            let response = RefOr::Ref(Ref::from_response_name(name));
            let responses = &mut operation.responses.responses;
            responses
                .entry(status.as_str().to_owned())
                .or_insert(response);
        }
    }
}

fn parameter(name: &str, place: ParameterIn, about: &str) -> RefOr<Parameter> {
    described(name, place, about, String::schema())
}

fn described(
    name: &str,
    place: ParameterIn,
    about: &str,
    schema: impl Into<RefOr<Schema>>,
) -> RefOr<Parameter> {
    let required = match place {
        ParameterIn::Path => Required::True,
        _ => Required::False,
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(about))
        .schema(Some(schema))
        .build()
        .into()
}

/// The query keys in the document.
pub fn declared(document: &OpenApi) -> Declared {
    let keys = |operation: &Operation| -> HashSet<String> {
        let parameters = operation.parameters.iter().flatten();
        parameters
            .filter_map(|parameter| match parameter {
                RefOr::T(known) if known.parameter_in == ParameterIn::Query => {
                    Some(known.name.clone())
                }
                _ => None,
            })
            .collect()
    };
    let mut declared = Declared::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in [
            (Method::GET, &item.get),
            (Method::HEAD, &item.get),
            (Method::PUT, &item.put),
            (Method::POST, &item.post),
            (Method::DELETE, &item.delete),
            (Method::PATCH, &item.patch),
        ] {
            if let Some(operation) = operation {
                declared.insert((method, path.clone()), keys(operation));
            }
        }
    }
    declared
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn operations() -> Vec<(String, Value)> {
        let document = serde_json::to_value(document("")).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        let paths = document["paths"].as_object().unwrap().clone();
        paths
            .into_iter()
            .flat_map(|(path, item)| {
                let item = item.as_object().unwrap().clone();
                item.into_iter()
                    .map(move |(method, operation)| (format!("{method} {path}"), operation))
            })
            .collect()
    }

    #[test]
    fn every_operation_says_what_it_does_who_may_and_how_it_fails() {
        let mut names = HashSet::new();
        for (name, operation) in operations() {
            assert!(operation["summary"].is_string(), "{name}");
            assert!(operation["security"].is_array(), "{name}");
            assert!(operation["responses"]["429"].is_object(), "{name}");
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert!(names.insert(id), "{name}: another operation has its name");
            let answers = operation["responses"].as_object().unwrap();
            assert!(
                answers.keys().any(|status| status.starts_with('2')),
                "{name}"
            );
        }
        assert!(!names.is_empty());
    }

    #[test]
    fn every_variable_of_a_path_is_a_declared_parameter() {
        for (name, operation) in operations() {
            let parameters = operation["parameters"].as_array();
            let declared: HashSet<_> = parameters
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            let variables = name.split(['{', '}']).skip(1).step_by(2).collect();
            assert_eq!(declared, variables, "{name}");
        }
    }

    /// utoipa knows types by their names only: of two with one name it documents the last, for both.
    #[test]
    fn a_component_name_comes_from_one_type() {
        let mut own = Components::new();
        describe(&mut own);
        let methods = all().into_iter().flat_map(|routes| routes.methods);
        let schemas = methods.flat_map(|(schemas, _, _)| schemas);
        let mut known: HashMap<String, RefOr<Schema>> = own.schemas.into_iter().collect();
        let mut clashes = std::collections::BTreeSet::new();
        for (name, schema) in schemas {
            let first = known.entry(name.clone()).or_insert_with(|| schema.clone());
            if *first != schema {
                clashes.insert(name);
            }
        }
        assert!(
            clashes.is_empty(),
            "two types have one of these names, give one of them #[schema(as = …)]: {clashes:?}"
        );
    }

    #[test]
    fn a_body_with_an_unknown_field_is_refused() {
        let document = serde_json::to_value(document("")).unwrap();
        for (name, operation) in operations() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let Some(reference) = schema["$ref"].as_str() else {
                continue;
            };
            let schema = document.pointer(&reference[1..]).unwrap();
            assert_eq!(
                schema["additionalProperties"],
                json!(false),
                "{name}: its body needs #[serde(deny_unknown_fields)]"
            );
        }
    }
}
