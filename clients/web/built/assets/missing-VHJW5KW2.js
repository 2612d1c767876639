import{y as t}from"./part-UOJYHBKA.js";import"./part-WMRQ6BRW.js";try{await t()}catch{}
