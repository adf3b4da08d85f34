import { access } from '../../../hardware/mmu';
import { gnttab_map_grant_ref, gnttab_unmap_grant_ref } from '../../../hypervisors/xen/grants/grants';
import * as hands from '../../../hypervisors/xen/stepwise/hands';
import type { Domain, Vcpu } from '../../../hypervisors/xen/xen';
import { KINDS, type Kind, type PairScene } from './frames';
import { RO } from '../playground';

// Pairs of two domains: A grants a frame to B, which maps and unmaps the grant
// while A does something else with the frame.

const others = ({ ground }: PairScene, vcpu: Vcpu): Domain => (vcpu.domain === ground.A ? ground.B : ground.A);
const mapOthers = (readonly: boolean): Kind => ({
  whole: (scene, vcpu) => gnttab_map_grant_ref(scene.xen, vcpu, { host_addr: scene.va('grant'), contains_pte: false, readonly, ref: 0, dom: 0 }),
  steps: (scene, vcpu) => hands.map_grant_ref(vcpu, others(scene, vcpu), scene.frame, scene.va('grant'), readonly),
});

/** What another domain does with a grant. */
export const OTHERS_KINDS: Readonly<Record<string, Kind>> = {
  'map the grant': mapOthers(false),
  'map the grant read-only': mapOthers(true),
  'unmap the grant': {
    whole: (scene, vcpu) => gnttab_unmap_grant_ref(scene.xen, vcpu, { host_addr: scene.va('grant'), handle: 0 }),
    steps: (scene, vcpu) => hands.unmap_grant_ref(vcpu, others(scene, vcpu), scene.frame, scene.va('grant'), 0),
  },
};

const mapped = (scene: PairScene): void => scene.must(OTHERS_KINDS['map the grant']!.whole(scene, scene.vcpus[1]!));
/** What happened to the grant before. */
export const ACROSS: Readonly<Record<string, (scene: PairScene) => void>> = {
  'granted to another domain': () => undefined,
  'granted and read-only': (scene) => scene.map('frame', RO),
  'mapped by another domain': mapped,
  'only mapped by another domain': (scene) => {
    mapped(scene);
    access(scene.vcpus[1]!.cpu, 'write', scene.va('grant') + 0xff8, 0, false, 4);
    scene.map('frame', 0);
  },
};

/** What its owner does meanwhile: everything except grants to itself. */
const isOwnGrant = (name: string): boolean => name.endsWith('its grant');
export const OWNERS_KINDS: Readonly<Record<string, Kind>> = Object.fromEntries(Object.entries(KINDS).filter(([name]) => !isOwnGrant(name)));
