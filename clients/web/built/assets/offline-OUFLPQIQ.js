import{h as a}from"./part-WMRQ6BRW.js";a("again").addEventListener("click",()=>location.reload());
