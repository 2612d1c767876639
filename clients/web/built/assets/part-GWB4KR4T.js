import{b as _,c as A}from"./part-WMRQ6BRW.js";/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var f={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},c=t=>(...i)=>({_$litDirective$:t,values:i}),$=class{constructor(i){}get _$AU(){return this._$AM._$AU}_$AT(i,e,r){this._$Ct=i,this._$AM=e,this._$Ci=r}_$AS(i,e){return this.update(i,e)}update(i,e){return this.render(...e)}};/**
 * @license
 * Copyright 2020 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{I:v}=A,m=t=>t;var p=()=>document.createComment(""),C=(t,i,e)=>{let r=t._$AA.parentNode,a=i===void 0?t._$AB:i._$AA;if(e===void 0){let n=r.insertBefore(p(),a),o=r.insertBefore(p(),a);e=new v(n,o,t,t.options)}else{let n=e._$AB.nextSibling,o=e._$AM,l=o!==t;if(l){let s;e._$AQ?.(t),e._$AM=t,e._$AP!==void 0&&(s=t._$AU)!==o._$AU&&e._$AP(s)}if(n!==a||l){let s=e._$AA;for(;s!==n;){let d=m(s).nextSibling;m(r).insertBefore(s,a),s=d}}}return e},E=(t,i,e=t)=>(t._$AI(i,e),t),T={},u=(t,i=T)=>t._$AH=i,P=t=>t._$AH,R=t=>{t._$AR(),t._$AA.remove()};/**
 * @license
 * Copyright 2021 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var D=c(class extends ${constructor(){super(...arguments),this.key=_}render(t,i){return this.key=t,i}update(t,[i,e]){return i!==this.key&&(u(t),this.key=i),e}});export{f as a,c as b,$ as c,C as d,E as e,u as f,P as g,R as h,D as i};
