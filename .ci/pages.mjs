// Opens pages in a real browser and has axe-core look for what keeps people
// from reading them: node pages.mjs BROWSER FOLDER URL… Pictures of the pages
// go into the folder. It ends with 1 if there is something to mend.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

// The tools are where NODE_TOOLS says, not beside this file.
const require = createRequire(join(process.env.NODE_TOOLS, "package.json"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [browserPath, folder, ...urls] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath: browserPath, headless: true, args: ["--no-sandbox"] });
let bad = 0;
for (const width of [360, 1100]) {
  for (const scheme of ["light", "dark"]) {
    for (const [n, url] of urls.entries()) {
      const page = await browser.newPage();
      const asked = [];
      page.on("request", (r) => asked.push(r.url()));
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.setBypassCSP(true); // for axe; the page itself has no script
      await page.goto(url, { waitUntil: "load" });
      const scripts = await page.$$eval("script", (all) => all.length);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      await page.screenshot({ path: join(folder, `page-${n + 1}-${width}-${scheme}.png`), fullPage: true });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      const wrong = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length} times, first ${v.nodes[0].html.slice(0, 120)})`);
      const elsewhere = asked.filter((u) => new URL(u).host !== new URL(url).host);
      if (scripts > 0) wrong.push("it has a script");
      if (wide) wrong.push("it is wider than the window");
      if (elsewhere.length > 0) wrong.push(`it asks elsewhere: ${elsewhere.join(" ")}`);
      for (const w of wrong) console.log(`${new URL(url).pathname} at ${width}, ${scheme}: ${w}`);
      bad += wrong.length;
      await page.close();
    }
  }
}
await browser.close();
console.log(`${urls.length} pages, ${bad} to mend`);
process.exit(bad > 0 ? 1 : 0);
