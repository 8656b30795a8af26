// Whether the browser may notify the user of the end of the watched job.

import { set } from './store.js';

export const areNotificationsPossible = 'Notification' in globalThis && isSecureContext;

export async function requestNotifications() {
  set({ notificationPermission: await Notification.requestPermission() });
}
