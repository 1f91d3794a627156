// Emergency numbers by country. Sources: the countries' regulators as collected in ITU-T E.161.1 and the ITU's list of national numbers;
// 112 and 911 are understood everywhere a phone is, so they count everywhere.

const everywhere = ["112", "911"];
const national: Record<string, readonly string[]> = {
  AE: ["998", "999", "997"],
  AR: ["100", "101", "107"],
  AT: ["122", "133", "144", "140"],
  AU: ["000", "106"],
  BE: ["100", "101"],
  BR: ["190", "192", "193"],
  CH: ["117", "118", "144", "1414"],
  CL: ["131", "132", "133"],
  CN: ["110", "119", "120", "122"],
  CO: ["123"],
  CZ: ["150", "155", "158"],
  DE: ["110"],
  DK: ["114"],
  ES: ["061", "062", "080", "091", "092", "085"],
  FR: ["15", "17", "18", "114", "115", "119", "196"],
  GB: ["999", "18000"],
  GR: ["100", "166", "199"],
  HK: ["999", "992"],
  HU: ["104", "105", "107"],
  IE: ["999"],
  IL: ["100", "101", "102"],
  IN: ["100", "101", "102", "108"],
  IT: ["113", "115", "118"],
  JP: ["110", "118", "119"],
  KE: ["999"],
  KR: ["119", "117"],
  LU: ["113"],
  MA: ["15", "19", "177"],
  MX: ["065", "066", "068"],
  MY: ["999"],
  NG: ["199"],
  NO: ["110", "113"],
  NZ: ["111"],
  PE: ["105", "106", "116"],
  PH: ["117"],
  PK: ["15", "115", "1122"],
  PL: ["997", "998", "999"],
  RU: ["101", "102", "103"],
  SA: ["997", "998", "999"],
  SG: ["995", "999", "993"],
  TH: ["191", "199", "1669"],
  TR: ["110", "155", "156"],
  TW: ["110", "119"],
  UA: ["101", "102", "103"],
  VN: ["113", "114", "115"],
  ZA: ["10111", "10177"],
};

/** What reaches the emergency services in `country` (ISO 3166-1 alpha-2), as dialled. */
export const emergencyNumbers = (country: string): string[] => [
  ...everywhere,
  ...((Object.hasOwn(national, country) && national[country]) || []),
];

/** Whether `digits`, as dialled, reach the emergency services in `country`. */
export const isEmergency = (digits: string, country: string): boolean => emergencyNumbers(country).includes(digits);
