// Links to sections, in groups with a name each: the navigation of a tenant and of an account.
import { Link } from "../router.tsx";
import { Icon, type IconName } from "./icon.tsx";

export type Group = { name: string; icon: IconName; sections: { path: string; label: string }[] };

/** `at`: the path below which the sections are; `current`: that of the one that is shown. */
export function SectionGroups({ groups, at, current }: { groups: Group[]; at: string; current: string | undefined }) {
  return groups.map(({ name, icon, sections }) => (
    <div key={name} className="grid gap-0.5">
      <p className="flex items-center gap-2 px-2 pb-0.5 text-muted text-xs">
        <Icon name={icon} className="size-3.5" />
        {name}
      </p>
      <ul className="grid gap-0.5">
        {sections.map(({ path, label }) => (
          <li key={path}>
            <Link to={`${at}/${path}`} aria-current={path === current ? "page" : undefined} className="nav-link pl-7.5">
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ));
}
