/** Who owns the gateway, and what says so. */
export const ARGO = {
  name: "shop-gateway",
  by: {
    evidence: "annotation",
    key: "argocd.argoproj.io/tracking-id",
    value: "shop-gateway:apps/Deployment:shop/gateway",
  },
};
