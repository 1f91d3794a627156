// The console's entry.
import "./style.css";
import { createRoot } from "react-dom/client";

const root = document.getElementById("root");
if (root) createRoot(root).render(<p>Dialplane</p>);
