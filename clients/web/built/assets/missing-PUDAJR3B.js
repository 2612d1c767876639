import{y as t}from"./part-VTCOKIDQ.js";import"./part-WMRQ6BRW.js";try{await t()}catch{}
