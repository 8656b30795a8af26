// The job types that the server offers.

import { api } from '../api/api.js';
import { set, state } from './store.js';

let loadingTypes = false;

/** Loads the job types, unless that is done or under way. */
export async function loadJobTypes() {
  if (state.jobTypes !== null || loadingTypes) {
    return;
  }
  loadingTypes = true;
  try {
    set({ jobTypes: await api.jobTypes(), jobTypesError: null });
  } catch (error) {
    set({ jobTypesError: error });
  } finally {
    loadingTypes = false;
  }
}
