//! Photos and posts of Facebook pages.

use axum::http::Method;
use chrono::Utc;
use serde_json::{Value, json};

use super::{Board, NO_OBJECT, Post, Refusal, fetchable, made, newest, refusal, time};
use crate::{
    options::{GraphAccount, Network},
    server::{Call, Reply},
};

/// The longest post in characters (Meta).
const MAX_MESSAGE_CHARACTERS: usize = 63_206;

/// An uploaded photo.
#[derive(Clone, Debug)]
pub(super) struct Photo {
    page: String,
    url: String,
    posted: bool,
}

pub(super) fn answer(
    board: &mut Board,
    call: &Call,
    page: &GraphAccount,
    edge: &str,
) -> Result<Reply, Refusal> {
    match (&call.method, edge) {
        (&Method::POST, "photos") => upload(board, &call.json, page),
        (&Method::POST, "feed") => publish(board, &call.json, page),
        (&Method::GET, "feed") => Ok(newest(board, &page.id, |post| {
            let target = |id: &String| json!({"target": {"id": id}});
            let photos: Vec<Value> = post.photos.iter().map(target).collect();
            let attachments = match &photos[..] {
                [] => Value::Null,
                [one] => json!({"data": [one]}),
                all => {
                    json!({"data": [{"target": {"id": "album"}, "subattachments": {"data": all}}]})
                }
            };
            json!({
                "id": post.id, "message": post.text, "created_time": time(post.at),
                "permalink_url": format!("https://www.facebook.com/{}", post.id), "attachments": attachments,
            })
        })),
        _ => Err(NO_OBJECT),
    }
}

fn upload(board: &mut Board, body: &Value, page: &GraphAccount) -> Result<Reply, Refusal> {
    let url = body["url"].as_str().unwrap_or_default();
    if !fetchable(url) {
        return Err(refusal(324, 2_069_019, "Missing or invalid image file"));
    }
    // A photo that is published at once would be a post of its own.
    if body["published"] != false {
        return Err(refusal(
            100,
            0,
            "Here photos are uploaded with published=false",
        ));
    }
    let id = board.id("5520");
    let photo = Photo {
        page: page.id.clone(),
        url: url.to_owned(),
        posted: false,
    };
    board.photos.insert(id.clone(), photo);
    Ok(made(id))
}

fn publish(board: &mut Board, body: &Value, page: &GraphAccount) -> Result<Reply, Refusal> {
    let message = body["message"].as_str().unwrap_or_default();
    let attached = body["attached_media"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if message.is_empty() && attached.is_empty() {
        return Err(refusal(
            100,
            0,
            "One of message or attached_media is required",
        ));
    }
    if message.chars().count() > MAX_MESSAGE_CHARACTERS {
        return Err(refusal(100, 0, "The message is too long"));
    }
    let newest = board
        .posts
        .iter()
        .rev()
        .find(|post| post.account == page.id);
    if attached.is_empty()
        && newest.is_some_and(|post| post.photos.is_empty() && post.text == message)
    {
        return Err(refusal(506, 1_455_006, "Duplicate status message"));
    }
    let (mut photos, mut images) = (Vec::new(), Vec::new());
    for one in &attached {
        let id = one["media_fbid"].as_str().unwrap_or_default();
        let photo = board.photos.get(id).filter(|photo| photo.page == page.id);
        let photo = photo.ok_or(refusal(100, 0, "Invalid parameter: media_fbid"))?;
        if photo.posted {
            return Err(refusal(100, 1_366_051, "These photos were already posted."));
        }
        photos.push(id.to_owned());
        images.push(photo.url.clone());
    }
    for id in &photos {
        if let Some(photo) = board.photos.get_mut(id) {
            photo.posted = true;
        }
    }
    let id = board.id(&format!("{}_12", page.id));
    board.posts.push(Post {
        id: id.clone(),
        network: Network::Facebook,
        account: page.id.clone(),
        text: message.to_owned(),
        images,
        at: Utc::now(),
        photos,
    });
    Ok(made(id))
}
