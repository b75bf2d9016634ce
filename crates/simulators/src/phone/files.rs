//! The files that a phone sends, and those that it shows.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::Phone;
use crate::{
    chats::LineFile,
    media::{File, PIXEL, SentFile},
    options::Service,
    whatsapp,
};

impl Phone {
    /// Makes the message of a file in the provider's form, and gives the file to the provider. A test that sends the
    /// webhooks itself sends it with them.
    pub fn file_message(&self, sent: SentFile) -> Value {
        let SentFile {
            kind,
            mime,
            name,
            caption,
            bytes,
        } = sent;
        let file = File {
            mime: mime.clone(),
            name: name.clone(),
            bytes: bytes.into(),
        };
        let (files, hash) = (&self.world.files, STANDARD.encode(file.sha256()));
        let id = files.put(whatsapp::MEDIA_PREFIX, file);
        match self.key.service {
            Service::GreenApi => {
                let address = files.address(&id);
                json!({"typeMessage": format!("{kind}Message"), "fileMessageData": {
                    "downloadUrl": format!("{}/greenapi/files/{address}", self.world.url()),
                    "caption": caption.unwrap_or_default(), "fileName": name.unwrap_or_default(), "mimeType": mime,
                    "_id": id,
                }})
            }
            Service::WhatsApp | Service::OpenRouter | Service::Stripe | Service::Graph => {
                let mut medium = json!({"id": id, "mime_type": mime, "sha256": hash});
                if let Some(name) = name.filter(|_| kind == "document") {
                    medium["filename"] = name.into();
                }
                if let Some(caption) = caption {
                    medium["caption"] = caption.into();
                }
                if kind == "audio" {
                    medium["voice"] = true.into();
                }
                let mut message = json!({"type": kind});
                message[&kind] = medium;
                message
            }
        }
    }

    /// The file of a message in the provider's form, as the phone shows it.
    pub(super) fn shown(&self, id: &str) -> Option<LineFile> {
        let file = self.world.files.get(id)?;
        Some(LineFile {
            url: format!("{}/_files/{id}", self.world.url()),
            mime: file.mime,
            name: file.name,
        })
    }

    /// Gives a file that the phone sends the id for fetching it: without one it is a picture of one pixel.
    pub(super) fn complete_media(&self, message: &mut Value) {
        let kind = message["type"].as_str().unwrap_or_default().to_owned();
        if !["image", "audio", "video", "document", "sticker"].contains(&kind.as_str()) {
            return;
        }
        let Some(message) = message.as_object_mut() else {
            return;
        };
        let medium = message.entry(kind).or_insert_with(|| json!({}));
        if !medium.is_object() {
            return;
        }
        if medium["mime_type"].is_null() {
            medium["mime_type"] = "image/png".into();
        }
        if medium["id"].is_null() {
            let file = File {
                mime: medium["mime_type"].as_str().unwrap_or_default().to_owned(),
                name: None,
                bytes: PIXEL.into(),
            };
            medium["id"] = self.world.files.put(whatsapp::MEDIA_PREFIX, file).into();
        }
    }
}
