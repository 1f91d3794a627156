// The console in the cloud: a static site, and in front of it and of the API one address, so that the browser speaks to one origin. The back end's
// resources are the CDK's alone; what is needed of them is read from its stacks' outputs.
// Its types: infra/sst.d.ts for `npm run check`, SST's own for `npm run check:sst`.

/** What the API answers; everything else is the console's. */
const apiPaths = ["/v1", "/openapi.json", "/docs", "/problems"];

export default $config({
  app(input) {
    const isProd = input.stage === "prod";
    return {
      name: "dialplane",
      home: "aws",
      removal: isProd ? "retain" : "remove",
      protect: isProd,
      providers: { aws: { defaultTags: { tags: { project: "dialplane", stage: input.stage } } } },
    };
  },

  async run() {
    if ($dev) return develop();
    const { guardedStages, stageNameOf } = await import("./infra/stage-names.ts");
    // throws for a stage that the CDK does not know: it can have no back end
    const guarded = guardedStages.includes(stageNameOf($app.stage));
    const { livePrefix, viewerRequest } = await import("./infra/viewer-request.ts");
    const { apiUrl, liveUrl, table, headersPolicy, secret } = backEnd();
    const guard = guarded ? firewall() : undefined;
    const injection = $resolve([secret, liveUrl]).apply(([text, live]) => viewerRequest(text, live !== ""));
    const front = new sst.aws.Router("Front", {
      // npm run deploy -- --console https://pbx.example.com
      ...(process.env.CONSOLE_DOMAIN && { domain: process.env.CONSOLE_DOMAIN }),
      edge: { viewerRequest: { injection } },
      transform: {
        cdn(cdn) {
          cdn.defaultCacheBehavior = $output(cdn.defaultCacheBehavior).apply((behavior) => ({
            ...behavior,
            responseHeadersPolicyId: headersPolicy,
          }));
          if (guard) cdn.webAclArn = guard;
        },
      },
    });
    for (const path of apiPaths) front.route(path, apiUrl);
    // never asked for where nothing streams; the API's address then, as a route needs one
    const streaming = $resolve([liveUrl, apiUrl]).apply(([live, api]) => live || api);
    front.route(livePrefix, streaming, { rewrite: { regex: `^${livePrefix}`, to: "" } });
    new sst.aws.StaticSite("Console", {
      path: "web",
      build: { command: "npm run build:web", output: "dist" },
      router: { instance: front },
    });
    return { url: front.url, apiUrl, table };
  },
});

/** The outputs of the CDK stack of the same stage, also linkable to whatever SST runs. */
function backEnd() {
  const { outputs } = aws.cloudformation.getStackOutput({ name: `dialplane-${$app.stage}` });
  const read = (name: string) => outputs.apply((all) => all[name] ?? missing(name));
  const properties = { apiUrl: read("ApiUrl"), table: read("TableName") };
  new sst.Linkable("BackEnd", { properties });
  const secret = aws.secretsmanager.getSecretVersionOutput({ secretId: read("FrontSecretArn") }).secretString;
  // empty where live views are asked for and not streamed
  const liveUrl = outputs.apply((all) => all.LiveUrl ?? "");
  return { ...properties, liveUrl, headersPolicy: read("HeadersPolicyId"), secret };
}

/** The firewall's ARN: its stack is where CloudFront looks for it. */
function firewall() {
  const provider = new aws.Provider("NorthVirginia", { region: "us-east-1" });
  const name = `dialplane-${$app.stage}-guard`;
  const { outputs } = aws.cloudformation.getStackOutput({ name }, { provider });
  return outputs.apply((all) => all.WebAclArn ?? missing("WebAclArn", name));
}

function missing(name: string, stack = `dialplane-${$app.stage}`): never {
  throw new Error(`the stack ${stack} has no output ${name}: deploy it first (npm run deploy)`);
}

/** `sst dev`: the control plane with an edge, and the console with live reload, each in a pane of one terminal. Nothing of it is in the cloud. */
function develop() {
  new sst.x.DevCommand("ControlPlane", { dev: { command: "npm start" } });
  new sst.x.DevCommand("Console", { dev: { command: "npx vite web" } });
  return {};
}
