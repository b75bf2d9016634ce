use std::path::PathBuf;

use super::*;

fn folder() -> tempfile::TempDir {
    let dir = tempfile::Builder::new()
        .prefix("kazi-embedded-")
        .tempdir()
        .unwrap();
    // As root, the server runs as another user. That user must be able to enter the folder.
    fs::set_permissions(
        dir.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    dir
}

async fn ask(embedded: &Embedded, sql: &'static str) -> Option<i32> {
    let mut conn = PgConnection::connect(embedded.url()).await.unwrap();
    sqlx::query_scalar(sql)
        .fetch_optional(&mut conn)
        .await
        .unwrap()
}

fn pid_of(folder: &Path) -> i32 {
    let text = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn data_survive_a_stop_and_a_kill_of_the_server() {
    let dir = folder();
    let first = Embedded::start(dir.path(), Lifetime::Kept).await.unwrap();
    ask(&first, "CREATE TABLE kept AS SELECT 7 AS n").await;
    first.stop().await;
    let second = Embedded::start(dir.path(), Lifetime::Kept).await.unwrap();
    assert_eq!(ask(&second, "SELECT n FROM kept").await, Some(7));
    let pid = nix::unistd::Pid::from_raw(pid_of(dir.path()));
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
    second.stop().await;
    let third = Embedded::start(dir.path(), Lifetime::Kept).await.unwrap();
    assert_eq!(ask(&third, "SELECT n FROM kept").await, Some(7));
    third.stop().await;
}

#[tokio::test]
async fn a_dropped_server_ends_and_an_orphan_is_ended_by_the_next_start() {
    let dir = folder();
    let first = Embedded::start(dir.path(), Lifetime::Kept).await.unwrap();
    ask(&first, "CREATE TABLE kept AS SELECT 7 AS n").await;
    let pid = pid_of(dir.path());
    // A killed program leaves this state: the lifeline is cut, the lock is free, and the server has not ended yet.
    drop(first);
    let second = Embedded::start(dir.path(), Lifetime::Kept).await.unwrap();
    assert_ne!(pid_of(dir.path()), pid);
    assert_eq!(ask(&second, "SELECT n FROM kept").await, Some(7));
    second.stop().await;
}

#[tokio::test]
async fn two_folders_work_at_once_and_one_folder_once() {
    let (a, b) = (folder(), folder());
    let first = Embedded::start(a.path(), Lifetime::Temporary)
        .await
        .unwrap();
    let second = Embedded::start(b.path(), Lifetime::Temporary)
        .await
        .unwrap();
    let refused = Embedded::start(a.path(), Lifetime::Temporary)
        .await
        .unwrap_err();
    let pid = std::process::id().to_string();
    assert!(
        matches!(&refused, EmbeddedError::InUse { pid: held, .. } if *held == pid),
        "{refused}"
    );
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn data_of_another_version_are_refused_with_both_versions_named() {
    let dir = folder();
    fs::create_dir(dir.path().join("data")).unwrap();
    fs::write(dir.path().join("data/PG_VERSION"), "9.6\n").unwrap();
    let refused = Embedded::start(dir.path(), Lifetime::Temporary)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("PostgreSQL 9.6") && refused.contains("installed"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_long_path_and_a_stale_pid_file_do_no_harm() {
    let dir = folder();
    let long: PathBuf = dir.path().join("a".repeat(60)).join("b".repeat(60));
    let first = Embedded::start(&long, Lifetime::Kept).await.unwrap();
    first.stop().await;
    // The process id belongs to a process that is no server: this test.
    fs::write(
        long.join("data/postmaster.pid"),
        format!("{}\n", std::process::id()),
    )
    .unwrap();
    let second = Embedded::start(&long, Lifetime::Kept).await.unwrap();
    assert_eq!(ask(&second, "SELECT 1").await, Some(1));
    second.stop().await;
}

#[tokio::test]
async fn a_folder_without_data_is_told_and_stays_as_it_is() {
    let dir = folder();
    let nowhere = dir.path().join("nowhere");
    assert!(!Embedded::has_data(&nowhere).unwrap());
    assert!(!nowhere.exists());
    assert!(!Embedded::has_data(dir.path()).unwrap());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    let server = Embedded::start(dir.path(), Lifetime::Kept).await.unwrap();
    assert!(Embedded::has_data(dir.path()).unwrap());
    server.stop().await;
    assert!(Embedded::has_data(dir.path()).unwrap());
}
