// Messages like those of RFC 4475 (SIP torture tests), which says for each what is right or wrong in it. Ours are made from what it says, with a tenant's domain.

export type Torture = {
  /** The RFC's name for it. */
  name: string;
  text: string;
  /** What may be answered: a status, its class (4 for any 4xx), or 0 for nothing at all. */
  answers: readonly number[];
};

type Parts = {
  start?: string;
  via?: string;
  from?: string;
  to?: string;
  cseq?: string;
  callId?: string;
  contact?: string | null;
  more?: string[];
  body?: string;
  length?: string | null;
  maxForwards?: string;
};

/** The 49 of section 3. `port`: the sender's, to which answers go. */
export function torture(port: number, domain: string): Torture[] {
  let number = 0;
  function message(name: string, method: string, answers: readonly number[], parts: Parts = {}): Torture {
    const id = `torture-${++number}-${name}`;
    const { body = "", contact = `<sip:caller@127.0.0.1:${port}>`, length = String(Buffer.byteLength(body)) } = parts;
    const lines = [
      parts.start ?? `${method} sip:user@${domain} SIP/2.0`,
      parts.via ?? `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK${id}`,
      parts.maxForwards ?? "Max-Forwards: 70",
      parts.from ?? `From: <sip:caller@${domain}>;tag=${id}`,
      parts.to ?? `To: <sip:user@${domain}>`,
      parts.callId ?? `Call-ID: ${id}`,
      parts.cseq ?? `CSeq: 1 ${method}`,
      ...(contact === null ? [] : [`Contact: ${contact}`]),
      ...(parts.more ?? []),
      ...(length === null ? [] : [`Content-Length: ${length}`]),
    ];
    return { name, text: `${lines.filter((line) => line !== "").join("\r\n")}\r\n\r\n${body}`, answers };
  }
  const challenged = [401, 407];
  const refused = [4, 5, 0];
  const sdp = "v=0\r\no=x 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
  const typed = ["Content-Type: application/sdp"];
  const via = `SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK`;
  const answer = (name: string, line: string, parts: Parts = {}) =>
    message(name, "INVITE", [0], { start: line, contact: null, ...parts });
  return [
    // 3.1.1: valid
    // Kamailio 5.6 reads no CSeq that goes over two lines, and drops it
    message("wsinv", "INVITE", [...challenged, 0], {
      start: `INVITE sip:vivekg@${domain};unknownparam SIP/2.0`,
      via: `v:  SIP  / 2.0  / UDP\r\n    127.0.0.1:${port} ;rport;branch  =\r\n z9hG4bKwsinv`,
      to: `TO :\r\n sip:vivekg@${domain} ;   tag-like    = "1918181833n"`,
      from: `from   : "J Rosenberg \\\\\\""       <sip:jdrosen@${domain}>\r\n  ;\r\n  tag = 98asjd8`,
      maxForwards: "MaX-fOrWaRdS: 0068",
      callId: "Call-ID: torture-wsinv",
      cseq: "cseq: 0009\r\n  INVITE",
      contact: null,
      length: null,
      more: [
        ...["s :", "NewFangledHeader:   newfangled value\r\n continued newfangled value"],
        ...[
          "UnknownHeaderWithUnusualValue: ;;,,;;,;",
          "Content-Type: application/sdp",
          `Route:\r\n <sip:services.${domain};lr;unknownwith=value;unknown-no-value>`,
        ],
        ...[
          `m:"Quoted string \\"\\"" <sip:jdrosen@${domain}> ; newparam =\r\n      newvalue ;\r\n  secondparam ; q = 0.33`,
        ],
        `l: ${sdp.length}`,
      ],
      body: sdp,
    }),
    message("intmeth", "!interesting-Method0123456789_*+`.%indeed'~", [405], {
      start: `!interesting-Method0123456789_*+\`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@${domain} SIP/2.0`,
      to: `To: "BEL:\u0007 NUL:\\\u0000 DEL:\u007f" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@${domain}>`,
      from: `From: token1~\` token2'+_ token3*%!.- <sip:mundane@${domain}>;fromParam''~+*_!.-%="\u0440\u0430\u0431\u043e";tag=_token~1'+\`*%!-.`,
    }),
    message("esc01", "INVITE", challenged, {
      start: `INVITE sip:sips%3Auser%40example.com@${domain} SIP/2.0`,
      to: `To: sip:%75se%72@${domain}`,
      more: typed,
      body: sdp,
    }),
    message("escnull", "REGISTER", challenged, {
      start: `REGISTER sip:${domain} SIP/2.0`,
      to: `To: sip:null-%00-null@${domain}`,
      from: `From: sip:null-%00-null@${domain};tag=1`,
      contact: `<sip:%00@127.0.0.1>, <sip:%00%00@127.0.0.1>`,
    }),
    message("esc02", "RE%47IST%45R", [405], {
      start: `RE%47IST%45R sip:${domain} SIP/2.0`,
      to: `To: "%Z%45" <sip:resource@${domain}>`,
      from: `From: "%Z%45" <sip:resource@${domain}>;tag=f232jadfj23`,
    }),
    message("lwsdisp", "OPTIONS", [405, 200], { from: `From: caller<sip:caller@${domain}>;tag=323` }),
    message("longreq", "INVITE", [...challenged, 4], {
      to: `To: "I have a user name of ${"extreme".repeat(10)} proportion"<sip:user@${domain}:6000;unknownparam1=very${"long".repeat(20)}value;longparam${"name".repeat(25)}=shortvalue;very${"long".repeat(25)}ParameterNameWithNoValue>`,
      from: `From: sip:${"amazinglylongcallername".repeat(5)}@${domain};tag=12${"982424".repeat(50)};unknownheaderparam${"name".repeat(20)}=unknowheaderparam${"value".repeat(15)};unknownValueless${"paramname".repeat(10)}`,
      callId: `Call-ID: longreq.one${"really".repeat(20)}longcallid`,
      more: [
        `Unknown-${"Long".repeat(20)}-Name: unknown-${"long".repeat(20)}-value; unknown-${"long".repeat(20)}-parameter-name = unknown-${"long".repeat(20)}-parameter-value`,
        ...Array.from({ length: 33 }, (_, n) => `Via: SIP/2.0/TCP sip${n}.example.com`).slice(0, 15),
        ...typed,
      ],
      body: sdp,
    }),
    // refused by our choice: what follows a message in its datagram is read by nobody
    message("dblreq", "REGISTER", [...challenged, 400], {
      start: `REGISTER sip:${domain} SIP/2.0`,
      length: "0",
      body: `INVITE sip:joe@${domain} SIP/2.0\r\nVia: ${via}dbl2\r\nFrom: <sip:a@${domain}>;tag=1\r\nTo: <sip:joe@${domain}>\r\nCall-ID: dblreq-2\r\nCSeq: 8 INVITE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`,
    }),
    message("semiuri", "OPTIONS", [405, 200], { start: `OPTIONS sip:user;par=u%40example.net@${domain} SIP/2.0` }),
    message("transports", "OPTIONS", [405, 200], {
      more: [
        "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKkl24zaa",
        "Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj",
        "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en",
        "Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee",
      ],
    }),
    message("mpart01", "MESSAGE", challenged, {
      more: ["Content-Type: multipart/mixed;boundary=7a9cbec02ceef655"],
      body: "--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n\r\nHello\r\n--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n0\u0082\u0001\u0000\u00ff\r\n--7a9cbec02ceef655--",
    }),
    answer("unreason", "SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e", { more: typed, body: sdp }),
    answer("noreason", "SIP/2.0 100 "),
    // 3.1.2: invalid
    message("badinv01", "INVITE", [...refused, ...challenged], {
      via: `Via: ${via}badinv;;,;,,`,
      contact: '"Joe" <sip:joe@example.org>;;;;',
      more: typed,
      body: sdp,
    }),
    message("clerr", "INVITE", refused, { length: "9999", more: typed, body: sdp }),
    message("ncl", "INVITE", refused, { length: "-999", more: typed, body: sdp }),
    message("scalar02", "REGISTER", [...refused, ...challenged], {
      start: `REGISTER sip:${domain} SIP/2.0`,
      cseq: "CSeq: 36893488147419103232 REGISTER",
      maxForwards: "Max-Forwards: 300",
      more: ["Expires: 10000000000000000000000000000000"],
      contact: "<sip:user@host129.example.com>;expires=280297596632815",
    }),
    answer("scalarlg", "SIP/2.0 503 Service Unavailable", {
      cseq: "CSeq: 9292394834772304023312 OPTIONS",
      more: ["Retry-After: 949302838503028349304023988", 'Warning: 1812 overture "In Progress"'],
    }),
    message("quotbal", "INVITE", [...refused, ...challenged], {
      to: `To: "Mr. J. User <sip:j.user@${domain}>`,
      more: typed,
      body: sdp,
    }),
    message("ltgtruri", "INVITE", [...refused, ...challenged], {
      start: `INVITE <sip:user@${domain}> SIP/2.0`,
      more: typed,
      body: sdp,
    }),
    message("lwsruri", "INVITE", [...refused, ...challenged], {
      start: `INVITE sip:user@${domain}; lr SIP/2.0`,
      more: typed,
      body: sdp,
    }),
    message("lwsstart", "INVITE", [...refused, ...challenged], {
      start: `INVITE  sip:user@${domain}  SIP/2.0`,
      more: typed,
      body: sdp,
    }),
    message("trws", "OPTIONS", [...refused, 200], { start: `OPTIONS sip:remote-target@${domain} SIP/2.0  ` }),
    message("escruri", "INVITE", [...refused, ...challenged], {
      start: `INVITE sip:user@${domain}?Route=%3Csip:example.com%3E SIP/2.0`,
      more: typed,
      body: sdp,
    }),
    message("baddate", "INVITE", [...refused, ...challenged], {
      more: ["Date: Fri, 01 Jan 2010 16:00:00 EST", ...typed],
      body: sdp,
    }),
    message("regbadct", "REGISTER", [...refused, ...challenged], {
      start: `REGISTER sip:${domain} SIP/2.0`,
      contact: `sip:user@${domain}?Route=%3Csip:sip.example.com%3E`,
    }),
    message("badaspec", "OPTIONS", [...refused, 200], {
      to: `To: "Watson, Thomas" < sip:t.watson@${domain} >`,
      from: `From: "Bell, Alexander" < sip:a.g.bell@${domain} > ;tag=43`,
    }),
    message("baddn", "OPTIONS", [...refused, 200], {
      from: `From: Bell, Alexander <sip:a.g.bell@${domain}>;tag=43`,
      to: `To: Watson, Thomas <sip:t.watson@${domain}>`,
    }),
    message("badvers", "OPTIONS", refused, {
      start: `OPTIONS sip:t.watson@${domain} SIP/7.0`,
      via: `Via: SIP/7.0/UDP 127.0.0.1:${port};branch=z9hG4bKkdjuw`,
    }),
    message("mismatch01", "OPTIONS", refused, { cseq: "CSeq: 8 INVITE" }),
    message("mismatch02", "NEWMETHOD", refused, { cseq: "CSeq: 8 INVITE", more: typed, body: sdp }),
    answer("bigcode", "SIP/2.0 4294967301 better not break the receiver"),
    // 3.2 and 3.3
    message("badbranch", "OPTIONS", [...refused, 200], {
      via: `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK`,
    }),
    message("insuf", "INVITE", refused, { from: "", to: "", callId: "", contact: null, more: typed, body: sdp }),
    message("unkscm", "OPTIONS", refused, { start: "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0" }),
    message("novelsc", "OPTIONS", refused, { start: "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0" }),
    message("unksm2", "REGISTER", [...refused, ...challenged], {
      start: `REGISTER sip:${domain} SIP/2.0`,
      to: "To: isbn:2983792873",
      from: "From: <http://www.example.com>;tag=3234233",
      contact: "<name:John_Smith>",
    }),
    message("bext01", "OPTIONS", [...refused, 200], {
      more: [
        "Require: nothingSupportsThis, nothingSupportsThisEither",
        "Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis",
      ],
    }),
    message("invut", "INVITE", challenged, {
      more: ["Content-Type: application/unknownformat"],
      body: '<audio>\r\n <pcmu port="443"/>\r\n</audio>\r\n',
    }),
    message("regaut01", "REGISTER", [400, 401], {
      start: `REGISTER sip:${domain} SIP/2.0`,
      more: ["Authorization: NoOneKnowsThisScheme opaque-data=here"],
    }),
    message("multi01", "INVITE", [...refused, ...challenged], {
      more: [
        "CSeq: 59 INVITE",
        "Call-ID: multi01.other",
        "Max-Forwards: 5",
        `From: <sip:other@${domain}>;tag=other`,
        `To: <sip:other@${domain}>`,
        ...typed,
      ],
      body: sdp,
    }),
    message("mcl01", "OPTIONS", [...refused, 200], { more: ["Content-Length: 5"], body: "hello" }),
    answer("bcast", "SIP/2.0 200 OK", {
      via: "Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\r\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23",
      more: typed,
      body: sdp,
    }),
    message("zeromf", "OPTIONS", [483, 200], { maxForwards: "Max-Forwards: 0" }),
    message("cparam01", "REGISTER", challenged, {
      start: `REGISTER sip:${domain} SIP/2.0`,
      contact: "sip:+19725552222@gw1.example.net;unknownparam",
    }),
    message("cparam02", "REGISTER", challenged, {
      start: `REGISTER sip:${domain} SIP/2.0`,
      contact: "<sip:+19725552222@gw1.example.net;unknownparam>",
    }),
    message("regescrt", "REGISTER", challenged, {
      start: `REGISTER sip:${domain} SIP/2.0`,
      contact: "<sip:user@example.com?Route=%3Csip:sip.example.com%3E>",
    }),
    message("sdp01", "INVITE", challenged, { more: ["Accept: text/nobodyKnowsThis", ...typed], body: sdp }),
    // 3.4: as RFC 2543 had it
    message("inv2543", "INVITE", [...challenged, 4], {
      via: `Via: SIP/2.0/UDP 127.0.0.1:${port}`,
      from: `From: <sip:ubecker@${domain}>`,
      maxForwards: "",
      cseq: "CSeq: 1 INVITE",
      contact: null,
      more: [`Record-Route: <sip:UserB@${domain};maddr=ss1.example.com>`, ...typed],
      length: null,
      body: sdp,
    }),
  ];
}
