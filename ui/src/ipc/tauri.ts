import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { open, save } from "@tauri-apps/plugin-dialog";
import type { Events } from "./generated/wire";
import type { Host, PickRequest } from "./host";

const filters = ({ extension }: PickRequest) =>
  extension ? [{ name: extension, extensions: [extension] }] : [];

/** The real program around the window. */
export const tauriHost: Host = {
  async call(command, request) {
    return invoke(command, { request });
  },

  async timeline(request) {
    return invoke<ArrayBuffer>("timeline", { request });
  },

  async listen(event, handler) {
    return listen<Events[typeof event]>(event, ({ payload }) => handler(payload));
  },

  async pickFolder({ title }) {
    return open({ title, directory: true, multiple: false });
  },

  async pickFile(request) {
    return open({ title: request.title, multiple: false, filters: filters(request) });
  },

  async pickSavePath(request) {
    return save({
      title: request.title,
      filters: filters(request),
      ...(request.name && { defaultPath: request.name }),
    });
  },

  async setZoom(factor) {
    await getCurrentWebview().setZoom(factor);
  },
};
