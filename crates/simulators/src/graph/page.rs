//! A web page with the published posts.

use super::Post;

/// Renders all posts, the newest first. The page reloads itself every few seconds.
pub(crate) fn html(posts: &[Post]) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"3\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Posts</title>\
         <style>body{font:16px system-ui;max-width:34rem;margin:2rem auto;padding:0 1rem}\
         article{border:1px solid #ccc;border-radius:.5rem;padding:1rem;margin:1rem 0}\
         img{max-width:100%}small{color:#555}p{white-space:pre-wrap}</style><h1>Posts</h1>",
    );
    if posts.is_empty() {
        page.push_str("<p>Nothing was published yet.</p>");
    }
    for post in posts.iter().rev() {
        let images: String = post
            .images
            .iter()
            .map(|url| format!("<img src=\"{}\" alt=\"\">", escaped(url)))
            .collect();
        page.push_str(&format!(
            "<article><small>{:?} {} · {}</small><p>{}</p>{images}</article>",
            post.network,
            escaped(&post.account),
            post.at.format("%Y-%m-%d %H:%M:%S UTC"),
            escaped(&post.text),
        ));
    }
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
