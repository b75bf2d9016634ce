//! Adds, changes and deletes endpoints, and rotates their secrets.

use chrono::TimeDelta;
use kazi_platform::{crypto::Keyring, egress::Reach};
use kazi_queue::lanes;

use super::{
    Endpoint, EndpointError, EndpointId, EndpointPatch, NewEndpoint, Secret, Stopped, Type, secret,
    store,
};
use crate::{
    Role, Work,
    audit::Change,
    notifications::{self, Kind, Notification, To},
    pools,
    violations::Violations,
};

const KIND: &str = "endpoint";
const DESCRIPTION_CHARS: usize = 200;
/// Each of them is called for each event.
const MOST: i64 = 20;
/// Time for which the secret before the last rotation signs too.
const OVERLAP: TimeDelta = TimeDelta::hours(24);

fn check(
    reach: &Reach,
    url: Option<&str>,
    description: Option<&str>,
    types: Option<&[Type]>,
) -> Result<(), EndpointError> {
    let mut violations = Violations::default();
    if let Some(Err(error)) = url.map(|url| reach.check(url)) {
        violations.add("/url", (error.code(), error.to_string()));
    }
    if let Some(description) = description {
        violations.text("/description", description, 0, DESCRIPTION_CHARS);
    }
    if let Some(types) = types {
        violations.unless(
            !types.is_empty(),
            "/event_types",
            "empty",
            "must name a type, or be null for all",
        );
    }
    Ok(violations.end()?)
}

fn names(types: Option<&[Type]>) -> Option<Vec<String>> {
    let mut names: Vec<String> = types?.iter().map(|kind| kind.name().to_owned()).collect();
    names.sort();
    names.dedup();
    Some(names)
}

/// Adds an endpoint. The secret is not shown again.
pub async fn create(
    work: &mut Work,
    (keyring, reach): (&Keyring, &Reach),
    new: &NewEndpoint,
) -> Result<(Endpoint, Secret), EndpointError> {
    let types = new.event_types.as_deref();
    check(reach, Some(&new.url), Some(&new.description), types)?;
    store::lock_all(work).await?;
    if store::count(work).await? >= MOST {
        return Err(EndpointError::TooMany(MOST));
    }
    let id = EndpointId::at(work.now());
    let secret = secret::generate();
    let types = names(types);
    let row = (new, types.as_deref());
    store::insert(work, keyring, id, row, &secret).await?;
    let made = there(work, id).await?;
    work.audit(&Change::created("endpoints.create", (KIND, id), &made))
        .await?;
    Ok((made, Secret(secret)))
}

/// Locks an endpoint until the transaction ends.
pub async fn lock(work: &mut Work, id: EndpointId) -> Result<Endpoint, EndpointError> {
    store::lock(work, id).await?;
    there(work, id).await
}

/// Changes a locked endpoint. One that is switched on begins anew: its failures are forgotten.
pub async fn update(
    work: &mut Work,
    reach: &Reach,
    before: &Endpoint,
    patch: &EndpointPatch,
) -> Result<Endpoint, EndpointError> {
    let types = patch.event_types.as_ref().map(Option::as_deref);
    check(
        reach,
        patch.url.as_deref(),
        patch.description.as_deref(),
        types.flatten(),
    )?;
    let mut after = before.clone();
    if let Some(url) = &patch.url {
        after.url.clone_from(url);
    }
    if let Some(description) = &patch.description {
        after.description.clone_from(description);
    }
    if let Some(types) = types {
        after.event_types = names(types);
    }
    if let Some(enabled) = patch.enabled {
        after.enabled = enabled;
        after.stopped = None;
        if enabled && !before.enabled {
            after.failing_since = None;
        }
    }
    store::save(work, &after).await?;
    if after.url != before.url || (after.enabled && !before.enabled) {
        // The pause that the target asked for was for what it was.
        lanes::unpark(work.conn(), pools::ENDPOINTS, &before.id.to_string()).await?;
    }
    let after = there(work, before.id).await?;
    let (action, subject) = ("endpoints.update", (KIND, before.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked endpoint and its secrets. Deliveries that wait are cancelled when their turn comes.
pub async fn delete(work: &mut Work, before: &Endpoint) -> Result<(), EndpointError> {
    store::delete(work, before.id).await?;
    let (action, subject) = ("endpoints.delete", (KIND, before.id));
    work.audit(&Change::deleted(action, subject, before))
        .await?;
    Ok(())
}

/// Gives an endpoint a new secret, which is not shown again. For 24 hours the old secret signs too, so that the receiver
/// can be changed without a loss.
pub async fn rotate_secret(
    work: &mut Work,
    keyring: &Keyring,
    id: EndpointId,
) -> Result<(Endpoint, Secret), EndpointError> {
    let before = lock(work, id).await?;
    let secret = secret::generate();
    let until = work.now() + OVERLAP;
    store::rotate(work, keyring, id, &secret, until).await?;
    let after = there(work, id).await?;
    let (action, subject) = ("endpoints.rotate_secret", (KIND, id));
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    Ok((after, Secret(secret)))
}

/// Switches an endpoint off, and notifies the admins. Does nothing when it is off already.
pub(super) async fn stop(
    work: &mut Work,
    id: EndpointId,
    why: Stopped,
) -> Result<(), EndpointError> {
    let before = match lock(work, id).await {
        Ok(before) if before.enabled => before,
        Ok(_) | Err(EndpointError::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let after = Endpoint {
        enabled: false,
        stopped: Some(why),
        ..before.clone()
    };
    store::save(work, &after).await?;
    work.audit(&Change::updated(
        "endpoints.stop",
        (KIND, id),
        &before,
        &after,
    ))
    .await?;
    metrics::counter!("kazi_endpoints_stopped_total", "reason" => why.name()).increment(1);
    tracing::warn!(endpoint.id = %id, reason = why.name(), "an endpoint is switched off");
    let title = match why {
        Stopped::Gone => "An endpoint is switched off: it has answered that it is gone (410).",
        Stopped::Failing => "An endpoint is switched off: for five days it has not taken an event.",
    };
    let notification = Notification {
        kind: Kind::ENDPOINT_STOPPED,
        title,
        data: &serde_json::json!({"endpoint_id": id, "reason": why}),
    };
    notifications::notify(work, To::Role(Role::Admin), &notification).await?;
    Ok(())
}

async fn there(work: &mut Work, id: EndpointId) -> Result<Endpoint, EndpointError> {
    let found = store::endpoint(work, id).await?;
    found.ok_or(EndpointError::NotFound("endpoint"))
}
