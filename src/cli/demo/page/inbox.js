const letters = document.getElementById("letters");
const { simulators } = await (await fetch("/demo/config")).json();
const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });
let shown = 0;
for (;;) {
  try {
    const mails = await (await fetch(`${simulators}/_inbox`)).json();
    if (mails.length !== shown) {
      shown = mails.length;
      letters.replaceChildren(...mails.reverse().map((mail) => {
        const article = document.createElement("article");
        const when = new Date(mail.at).toLocaleTimeString();
        article.append(element("h2", mail.subject), element("p", `to ${mail.to.join(", ")}, ${when}`), element("pre", mail.text));
        return article;
      }));
    }
  } catch { /* The demo is being stopped or started: asked again. */ }
  await new Promise((done) => setTimeout(done, 1500));
}
