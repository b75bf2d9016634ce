//! Asks a virus scanner: clamd's command INSTREAM over TCP ("clamd(8)").

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use object_store::Result as Stored;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Time for the whole answer. clamd reads 100 MB in some seconds.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// The longest answer that is read, in bytes.
const ANSWER_BYTES: u64 = 4_096;

/// What the scanner says.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// With the name of what it found.
    Infected(String),
}

/// Gives a file to the scanner.
///
/// # Errors
/// The scanner cannot be reached, or does not say in time whether the file is clean.
pub async fn scan(
    address: &str,
    patience: Duration,
    file: impl Stream<Item = Stored<bytes::Bytes>>,
) -> Result<Verdict, String> {
    match timeout(patience, ask(address, file)).await {
        Ok(asked) => asked.map_err(|error| format!("the scanner: {error}")),
        Err(_) => Err("the scanner does not answer".to_owned()),
    }
}

async fn ask(
    address: &str,
    file: impl Stream<Item = Stored<bytes::Bytes>>,
) -> Result<Verdict, String> {
    let words = |error: std::io::Error| error.to_string();
    let mut scanner = TcpStream::connect(address).await.map_err(words)?;
    scanner.write_all(b"zINSTREAM\0").await.map_err(words)?;
    let mut file = std::pin::pin!(file);
    while let Some(part) = file.next().await {
        let part = part.map_err(|error| format!("the file cannot be read: {error}"))?;
        // A part without bytes would be the end.
        if part.is_empty() {
            continue;
        }
        let length = u32::try_from(part.len()).map_err(|error| error.to_string())?;
        // clamd hangs up on a file above its own limit: its answer tells that.
        let sent = async {
            scanner.write_all(&length.to_be_bytes()).await?;
            scanner.write_all(&part).await
        };
        if sent.await.is_err() {
            break;
        }
    }
    let _ = scanner.write_all(&0_u32.to_be_bytes()).await;
    let mut answer = Vec::new();
    let mut answers = scanner.take(ANSWER_BYTES);
    answers.read_to_end(&mut answer).await.map_err(words)?;
    read(&answer)
}

fn read(answer: &[u8]) -> Result<Verdict, String> {
    let answer = String::from_utf8_lossy(answer);
    let answer = answer.trim_end_matches(['\0', '\n']).trim();
    let said = answer.strip_prefix("stream: ").unwrap_or(answer);
    match said.strip_suffix(" FOUND") {
        Some(name) => Ok(Verdict::Infected(name.to_owned())),
        None if said == "OK" => Ok(Verdict::Clean),
        None => Err(format!("it answers {said:?}")),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_scanner_that_hangs_is_given_up() {
        let scanner = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = scanner.local_addr().unwrap().to_string();
        let short = Duration::from_millis(100);
        let asked = tokio::spawn(async move { scan(&address, short, stream::empty()).await });
        // It takes the file, and says nothing.
        let (mut caller, _) = scanner.accept().await.unwrap();
        let mut said = [0; 14];
        caller.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"zINSTREAM\0\0\0\0\0");
        assert!(
            asked
                .await
                .unwrap()
                .unwrap_err()
                .contains("does not answer")
        );
    }

    #[test]
    fn only_a_plain_yes_is_clean() {
        assert_eq!(read(b"stream: OK\0"), Ok(Verdict::Clean));
        assert_eq!(
            read(b"stream: Eicar-Signature FOUND\0"),
            Ok(Verdict::Infected("Eicar-Signature".into()))
        );
        assert!(read(b"INSTREAM size limit exceeded. ERROR\0").is_err());
        assert!(read(b"").is_err());
    }
}
