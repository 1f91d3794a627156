// The console in the cloud: a static site, and in front of it and of the API one address, so that the browser speaks to one origin. The back end's
// resources are the CDK's alone; what is needed of them is read from its stack's outputs.
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
    const { apiUrl, table } = backEnd();
    const front = new sst.aws.Router("Front");
    for (const path of apiPaths) front.route(path, apiUrl);
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
  return properties;
}

function missing(name: string): never {
  throw new Error(`the stack dialplane-${$app.stage} has no output ${name}: deploy it first (npm run deploy)`);
}

/** `sst dev`: the control plane with an edge, and the console with live reload, each in a pane of one terminal. Nothing of it is in the cloud. */
function develop() {
  new sst.x.DevCommand("ControlPlane", { dev: { command: "npm start" } });
  new sst.x.DevCommand("Console", { dev: { command: "npx vite web" } });
  return {};
}
