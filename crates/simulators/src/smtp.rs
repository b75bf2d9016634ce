//! A mail server that delivers no letter. It keeps every letter in an inbox for tests and the page.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, Utc};
use mail_parser::MessageParser;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::{
    CutAt,
    faults::{Script, Scripted},
    lock,
};

/// The longest line in bytes. RFC 5321 allows 512 bytes for a command and 1,000 for a line of a letter.
const LINE_BYTES: u64 = 4_096;
/// The largest letter, in bytes.
const LETTER_BYTES: usize = 1024 * 1024;
/// The inbox keeps this many of the newest letters.
const CAPACITY_LETTERS: usize = 10_000;
/// The server closes a connection that is silent for this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A received letter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mail {
    pub at: DateTime<Utc>,
    /// From the envelope.
    pub from: String,
    /// From the envelope.
    pub to: Vec<String>,
    /// The `Message-ID` without its brackets.
    pub id: String,
    pub subject: String,
    /// The decoded plain text.
    pub text: String,
}

/// A fault of the mail server. It affects the next letters, after the server has read them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailFault {
    /// The server answers with this code, 4xx or 5xx, and does not keep the letter.
    pub code: Option<u16>,
    /// The server first waits this many milliseconds.
    pub delay_ms: u64,
    /// The server cuts the connection without an answer.
    pub cut: Option<CutAt>,
    /// The fault affects this many letters. Without a number it lasts until it is cleared.
    pub times: Option<u32>,
}

impl Scripted for MailFault {
    fn times(&mut self) -> &mut Option<u32> {
        &mut self.times
    }
}

/// The received letters and the faults.
#[derive(Default)]
pub(crate) struct Inbox {
    mails: Mutex<Vec<Mail>>,
    pub faults: Script<MailFault>,
}

impl Inbox {
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.mails).clone()
    }

    pub fn clear(&self) {
        lock(&self.mails).clear();
    }

    fn take(&self, mail: Mail) {
        let mut mails = lock(&self.mails);
        if mails.len() == CAPACITY_LETTERS {
            mails.remove(0);
        }
        mails.push(mail);
    }
}

/// Starts to listen and returns the address.
pub(crate) async fn start(
    bind: SocketAddr,
    inbox: Arc<Inbox>,
    stop: CancellationToken,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(bind).await?;
    let address = listener.local_addr()?;
    tokio::spawn(stop.run_until_cancelled_owned(accept(listener, inbox)));
    Ok(address)
}

async fn accept(listener: TcpListener, inbox: Arc<Inbox>) {
    // Its connections end with the task.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let inbox = inbox.clone();
                connections.spawn(async move {
                    // A broken connection is a problem of the client.
                    let _ = tokio::time::timeout(PATIENCE, talk(stream, &inbox)).await;
                });
                while connections.try_join_next().is_some() {}
            }
            // The process has no free descriptor. Another try after 50 ms works.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn line(stream: &mut BufStream<TcpStream>) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let read = (&mut *stream)
        .take(LINE_BYTES)
        .read_until(b'\n', &mut line)
        .await?;
    if read == 0 || !line.ends_with(b"\n") {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    while line.ends_with(b"\n") || line.ends_with(b"\r") {
        line.pop();
    }
    Ok(line)
}

async fn say(stream: &mut BufStream<TcpStream>, answer: &str) -> io::Result<()> {
    stream.write_all(answer.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.flush().await
}

/// Returns the text between `<` and `>`.
fn address(command: &str) -> Option<String> {
    let (_, rest) = command.split_once('<')?;
    Some(rest.split_once('>')?.0.to_owned())
}

async fn talk(stream: TcpStream, inbox: &Inbox) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    let (mut from, mut to) = (None, Vec::new());
    say(&mut stream, "220 simulator ESMTP").await?;
    loop {
        let command = String::from_utf8_lossy(&line(&mut stream).await?).into_owned();
        let verb: String = command
            .chars()
            .take(4)
            .collect::<String>()
            .to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                say(
                    &mut stream,
                    "250-simulator\r\n250-8BITMIME\r\n250 AUTH PLAIN",
                )
                .await?
            }
            "HELO" | "NOOP" => say(&mut stream, "250 simulator").await?,
            "AUTH" => say(&mut stream, "235 2.7.0 welcome").await?,
            "RSET" => {
                (from, to) = (None, Vec::new());
                say(&mut stream, "250 2.0.0 forgotten").await?;
            }
            "QUIT" => return say(&mut stream, "221 2.0.0 bye").await,
            "MAIL" => {
                from = address(&command);
                let answer = match from {
                    Some(_) => "250 2.1.0 sender",
                    None => "501 5.1.7 no address",
                };
                say(&mut stream, answer).await?;
            }
            "RCPT" => match address(&command) {
                Some(address) if from.is_some() && address.contains('@') => {
                    to.push(address);
                    say(&mut stream, "250 2.1.5 recipient").await?;
                }
                Some(_) if from.is_none() => say(&mut stream, "503 5.5.1 MAIL first").await?,
                _ => say(&mut stream, "550 5.1.1 no such mailbox").await?,
            },
            "DATA" if to.is_empty() => say(&mut stream, "503 5.5.1 RCPT first").await?,
            "DATA" => {
                say(&mut stream, "354 end with a dot").await?;
                let letter = data(&mut stream).await?;
                let mail = read(
                    from.take().unwrap_or_default(),
                    std::mem::take(&mut to),
                    &letter,
                );
                let fault = inbox.faults.strike().unwrap_or_default();
                tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
                if matches!(fault.cut, Some(CutAt::Before | CutAt::Middle)) {
                    return Ok(());
                }
                if let Some(code) = fault.code {
                    let answer = format!("{code} scripted");
                    say(&mut stream, &answer).await?;
                    continue;
                }
                inbox.take(mail);
                if fault.cut == Some(CutAt::After) {
                    return Ok(());
                }
                say(&mut stream, "250 2.0.0 taken").await?;
            }
            _ => say(&mut stream, "502 5.5.2 unknown command").await?,
        }
    }
}

/// Reads a letter up to the line with a single dot.
async fn data(stream: &mut BufStream<TcpStream>) -> io::Result<Vec<u8>> {
    let mut letter = Vec::new();
    loop {
        let line = line(stream).await?;
        if line == b"." {
            return Ok(letter);
        }
        if letter.len() + line.len() > LETTER_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        letter.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        letter.extend_from_slice(b"\r\n");
    }
}

fn read(from: String, to: Vec<String>, letter: &[u8]) -> Mail {
    let parsed = MessageParser::default().parse(letter).unwrap_or_default();
    Mail {
        at: Utc::now(),
        from,
        to,
        id: parsed.message_id().unwrap_or_default().to_owned(),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        text: parsed.body_text(0).unwrap_or_default().into_owned(),
    }
}
