//! Throw-away driver of the bench.
#[tokio::main]
async fn main() {
    let url = std::env::var("BENCH_URL").unwrap();
    let db = sqlx::postgres::PgPoolOptions::new()
        .max_connections(20)
        .connect(&url)
        .await
        .unwrap();
    kazi_queue::migrate(&db).await.unwrap();
    let figures = kazi_queue::bench::run(&db, &kazi_queue::bench::Plan::default(), |what| {
        eprintln!("{what}")
    })
    .await
    .unwrap();
    for f in figures {
        println!(
            "{:55} {:12.2} {:8} {:?} {}",
            f.what,
            f.value,
            f.unit,
            f.target,
            f.met()
        );
    }
}
