// Host names, addresses and networks as fields hold them. Whether an address lies in a network: ../network.ts.
import { z } from "zod";
import { domainForm } from "../network.ts";

/** A DNS name of at least two labels, in lower case (RFC 1123). */
export const domain = z.string().max(253).toLowerCase().regex(domainForm, "must be a domain name, as in acme.example");

export const host = z.union([domain, z.ipv4(), z.ipv6()], "must be a host name or an address");

export const cidr = z
  .union(
    [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()],
    "must be an address or a network, as in 192.0.2.7 or 192.0.2.0/28",
  )
  .describe("An address or a network in CIDR notation");
