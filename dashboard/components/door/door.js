// Leads to the sign-in page and says where to come back to. The cookie belongs to one host name: on the same
// machine the page asks under the name that the viewer has typed.
const LOOPBACK = ["localhost", "127.0.0.1"];

export default function ({ data, parentElement }) {
  const link = parentElement.querySelector(".door a");
  const url = new URL(data.url);
  const here = window.location.hostname;
  if (LOOPBACK.includes(here) && LOOPBACK.includes(url.hostname)) url.hostname = here;
  url.searchParams.set("next", window.location.href);
  url.searchParams.set("language", data.language);
  if (data.again) url.searchParams.set("again", "true"); // to prove oneself once more
  link.href = url.href;
  link.textContent = data.word;
  if (data.at_once) window.location.replace(url.href);
}
