//! Containers and posts of Instagram accounts.

use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Board, NO_OBJECT, Post, Refusal, fetchable, made, newest, refusal, time};
use crate::{
    options::{GraphAccount, Network},
    server::{Call, Reply},
};

const MAX_CAPTION_CHARACTERS: usize = 2_200;
const MAX_HASHTAGS: usize = 30;

/// A container: the unpublished part of a post.
#[derive(Clone, Debug)]
pub(super) struct Container {
    account: String,
    caption: String,
    images: Vec<String>,
    /// The container belongs into a carousel and cannot be published alone.
    item: bool,
    made_at: DateTime<Utc>,
    /// The container says "not ready" this many more times.
    looks: u32,
    published: bool,
}

impl Container {
    fn status(&self) -> &'static str {
        match () {
            () if self.published => "PUBLISHED",
            () if Utc::now() - self.made_at > TimeDelta::hours(24) => "EXPIRED",
            () if self.looks > 0 => "IN_PROGRESS",
            () => "FINISHED",
        }
    }
}

pub(super) fn answer(
    board: &mut Board,
    call: &Call,
    account: &GraphAccount,
    (own, object, edge): (bool, &str, &str),
    looks: u32,
) -> Result<Reply, Refusal> {
    match (&call.method, own, edge) {
        (&Method::POST, true, "media") => contain(board, &call.json, account, looks),
        (&Method::POST, true, "media_publish") => publish(board, &call.json, account),
        (&Method::GET, true, "media") => Ok(newest(board, &account.id, |post| {
            json!({
                "id": post.id, "caption": post.text, "timestamp": time(post.at),
                "permalink": permalink(&post.id),
            })
        })),
        (&Method::GET, true, "content_publishing_limit") => {
            let used = board.of_the_day(&account.id);
            let config = json!({"quota_total": account.daily_limit, "quota_duration": 86_400});
            Ok(Reply::json(
                200,
                json!({"data": [{"quota_usage": used, "config": config}]}),
            ))
        }
        (&Method::GET, false, "") => object_of(board, account, object),
        _ => Err(NO_OBJECT),
    }
}

fn object_of(board: &mut Board, account: &GraphAccount, id: &str) -> Result<Reply, Refusal> {
    if let Some(post) = board.post(id).filter(|post| post.account == account.id) {
        return Ok(Reply::json(
            200,
            json!({"id": id, "permalink": permalink(&post.id)}),
        ));
    }
    let container = board.containers.get_mut(id);
    let container = container
        .filter(|one| one.account == account.id)
        .ok_or(NO_OBJECT)?;
    let status = container.status();
    container.looks = container.looks.saturating_sub(1);
    Ok(Reply::json(200, json!({"id": id, "status_code": status})))
}

fn contain(
    board: &mut Board,
    body: &Value,
    account: &GraphAccount,
    looks: u32,
) -> Result<Reply, Refusal> {
    let caption = body["caption"].as_str().unwrap_or_default();
    if caption.chars().count() > MAX_CAPTION_CHARACTERS {
        return Err(refusal(36_004, 2_207_010, "The caption is too long."));
    }
    if hashtags(caption) > MAX_HASHTAGS {
        return Err(refusal(100, 2_207_040, "Cannot use more than 30 hashtags."));
    }
    let images = if body["media_type"] == "CAROUSEL" {
        let children: Option<Vec<&str>> = body["children"]
            .as_array()
            .and_then(|all| all.iter().map(Value::as_str).collect());
        let children = children.unwrap_or_default();
        if !(2..=10).contains(&children.len()) {
            return Err(refusal(100, 2_207_036, "A carousel has 2 to 10 items."));
        }
        let mut images = Vec::new();
        for child in children {
            let item = board.containers.get(child);
            let item = item.filter(|one| one.account == account.id && one.item);
            let item = item.ok_or(refusal(100, 2_207_006, "The media could not be found."))?;
            if item.status() != "FINISHED" {
                return Err(refusal(9_007, 2_207_027, "Media ID is not available"));
            }
            images.extend(item.images.clone());
        }
        images
    } else {
        let is_video = match body["media_type"].as_str() {
            None | Some("IMAGE") => false,
            Some("REELS") => true,
            Some("VIDEO") if body["is_carousel_item"] == true => true,
            _ => return Err(refusal(100, 2_207_023, "The media type is unknown.")),
        };
        let key = if is_video { "video_url" } else { "image_url" };
        let url = body[key].as_str().unwrap_or_default();
        if url.is_empty() {
            return Err(refusal(100, 0, "The address of the media is required"));
        }
        if !fetchable(url) {
            return Err(refusal(
                9_004,
                2_207_052,
                "The media could not be fetched from this URI.",
            ));
        }
        let path = url.to_ascii_lowercase();
        if [".png", ".gif", ".webp"]
            .iter()
            .any(|other| path.ends_with(other))
        {
            return Err(refusal(
                36_001,
                2_207_005,
                "The image format is not supported: JPEG only.",
            ));
        }
        vec![url.to_owned()]
    };
    let id = board.id("17889");
    board.containers.insert(
        id.clone(),
        Container {
            account: account.id.clone(),
            caption: caption.to_owned(),
            images,
            item: body["is_carousel_item"] == true,
            made_at: Utc::now(),
            looks,
            published: false,
        },
    );
    Ok(made(id))
}

fn publish(board: &mut Board, body: &Value, account: &GraphAccount) -> Result<Reply, Refusal> {
    let id = body["creation_id"].as_str().unwrap_or_default();
    let container = board.containers.get(id);
    let container = container.filter(|one| one.account == account.id && !one.item);
    let container =
        container
            .cloned()
            .ok_or(refusal(24, 2_207_006, "The media could not be found."))?;
    match container.status() {
        "FINISHED" => {}
        "IN_PROGRESS" => return Err(refusal(9_007, 2_207_027, "Media ID is not available")),
        _ => {
            return Err(refusal(
                24,
                2_207_008,
                "The container does not exist any more.",
            ));
        }
    }
    if board.of_the_day(&account.id) >= account.daily_limit {
        return Err(refusal(
            9,
            2_207_042,
            "You reached the maximum number of posts of a day.",
        ));
    }
    if let Some(container) = board.containers.get_mut(id) {
        container.published = true;
    }
    let post = board.id("18021");
    board.posts.push(Post {
        id: post.clone(),
        network: Network::Instagram,
        account: account.id.clone(),
        text: container.caption,
        images: container.images,
        at: Utc::now(),
        photos: Vec::new(),
    });
    Ok(made(post))
}

fn hashtags(caption: &str) -> usize {
    let starts = caption.match_indices('#').filter(|(at, _)| {
        caption[at + 1..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
    });
    starts.count()
}

fn permalink(id: &str) -> String {
    format!("https://www.instagram.com/p/{id}/")
}
