import{y as t}from"./part-36LRUHW4.js";import"./part-WMRQ6BRW.js";try{await t()}catch{}
