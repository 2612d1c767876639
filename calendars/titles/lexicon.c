#include "calendars/titles/lexicon.h"

#include <string.h>

#define PHRASE_TOKENS_MAX 5
#define PHRASE_BYTES_MAX 64
#define NAME_BYTES_MIN 3

/* One line a meaning; phrases are separated by commas. */
static const struct {
	enum word word;
	const char *phrases;
} entries[] = {
    {WORD_PLAIN,
	"1st,2nd,3rd,4th,first,second,third,fourth,on "
	"call,oncall,call,on,duty,shift,rota,team,hub,amhp,amhps,"
	"edt,eds,ooh,out of hours,s12,section "
	"12,section,s136,136,hbpos,crht,crhtt,hbtt,htt,cmht,eip,psych,psychiatry,"
	"psychiatric,psychiatrist,liaison,camhs,cyp,cyps,ld,consultant,cons,spr,st,st1,st2,st3,st4,"
	"st5,st6,st7,st8,"
	"st9,ct,ct1,ct2,ct3,ct4,fy,fy1,fy2,f1,f2,gpst,gp,sho,reg,registrar,resident,junior,middle,"
	"senior,doctor,"
	"doctors,medic,medics,nurse,nurses,rmn,rgn,hca,ssw,sw,social,worker,practitioner,"
	"practitioners,approved,"
	"mental,health,professional,professionals,mh,mhs,mhlt,nhs,trust,crisis,home,treatment,"
	"resolution,emergency,"
	"department,ed,a/"
	"e,ward,wards,unit,units,suite,place,safety,safe,street,triage,hospital,site,service,"
	"services,general,adult,adults,older,child,children,young,people,perinatal,forensic,"
	"learning,disability,"
	"community,inpatient,outreach,north,south,east,west,central,city,county,borough,council,"
	"area,region,locality,"
	"pooled,pool,lead,manager,coordinator,co "
	"ordinator,bronze,silver,gold,tier,level,line,band,b2,b3,b4,b5,b6,b7,"
	"b8,b8a,b8b,grade,senior nurse,backup,back up,reserve,standby,stand by,nonresident,non "
	"resident,nroc,"
	"rotational,mon,tue,tues,wed,thu,thur,thurs,fri,sat,sun,monday,tuesday,wednesday,thursday,"
	"friday,saturday,"
	"sunday,mondays,tuesdays,wednesdays,thursdays,fridays,saturdays,sundays,weekday,weekdays,"
	"weekend,weekends,"
	"week,wk,jan,feb,mar,apr,jun,jul,aug,sep,sept,oct,nov,dec,january,february,march,april,may,"
	"june,july,august,"
	"september,october,november,december,today,tonight,ok,okay,confirmed,conf,booked,working,"
	"works,doing,in,at,"
	"the,of,and,is,are,now,as,acting down,acting up,tel,telephone,phone,mob,mobile,ring,call "
	"on,contact,number,"
	"no.,ext,extension,bleep,pager,via,use,hrs,hours,hour,h,24,24h,24hr,24hrs,24 7,handing "
	"over to nobody,"
	"permanent,substantive,swapped in,hospital at night,first "
	"responder,responder,assessor,supervisor,"
	"leave cover,annual leave cover,a/l cover,al cover,holiday cover,sick cover,sickness "
	"cover,absence cover,"
	"base,based,remote,onsite,on site,offsite,covering team,all,whole,full,only,part,time"},
    {WORD_SHIFT, "early,earlies,late,lates,long day,ld "
		 "shift,day,days,night,nights,nightshift,dayshift,twilight,evening,"
		 "evenings,morning,mornings,afternoon,afternoons,am,pm,overnight,daytime"},
    {WORD_STOPGAP, "locum,locums,agency,bank,bank staff,temp,temporary,nhsp,cover shift,bank "
		   "shift,agency shift"},
    {WORD_HONORIFIC, "dr,mr,mrs,ms,miss,mx,prof,professor,sister,sr,sir,dame,lady,rev,revd"},
    {WORD_NOBODY, "no cover,nocover,not covered,uncovered,un "
		  "covered,vacant,vac,vacancy,unfilled,un filled,unstaffed,unmanned,"
		  "nobody,no body,no one,noone,no staff,no amhp,no doctor,no dr,no nurse,no one "
		  "available,no cover available,"
		  "not filled,not staffed,no service,no show,without cover,lacks cover,shift "
		  "gap,rota gap,gap in rota"},
    {WORD_FAINT, "nil,none,gap,gaps,closed,empty,blank,na,n/a,zero"},
    {WORD_DOUBT,
	"tbc,tba,tbd,tbn,tbh,to be confirmed,to be arranged,to be advised,to be announced,to be "
	"decided,"
	"to be agreed,to be named,to be determined,t b c,t b a,t b d,to follow,name to "
	"follow,tf,hold,on hold,"
	"provisional,provisionally,prov,draft,pencilled,penciled,pencilled in,pencil,if needed,if "
	"required,if poss,"
	"if possible,if available,ditto,do,as above,as per,as before,as usual,same,same as,see "
	"above,see below,see,"
	"check,maybe,may "
	"be,possibly,possible,poss,probably,probable,prob,perhaps,potential,potentially,likely,"
	"unlikely,unconfirmed,"
	"un confirmed,not confirmed,not yet confirmed,not "
	"sure,unsure,unknown,uncertain,tentative,tentatively,"
	"subject to,depends,depending,query,doubtful,either,or,one "
	"of,whoever,someone,somebody,anyone,anybody,any,"
	"who,either "
	"or,optional,option,offered,asked,invited,suggested,proposed,propose,might,could,would,"
	"should,will,"
	"hopefully,hope,waiting list,change,changed,changing,swap tbc,not "
	"accepted,declined,refused,"
	"withdrawn,dropped,leaving,left,new,ex,old,previous,previously,wrong,error,test,example,"
	"sample,dummy,"
	"template,copy "
	"of,placeholder,name,names,insert,xx,xxx,xxxx,tbcc,await,unless,except,but,cannot,cant,"
	"cant do,"
	"wont,unable,not working,not on,not in,not doing,not available on,back from,return "
	"from,returning,returns,no longer,"
	"late running,running late,stuck,delayed,expected,due,emergency only,in emergency"},
    {WORD_SEEKING, "awaiting,waiting,waiting for,pending,requested,request,requests,out to,out to "
		   "agency,out to bank,seeking,"
		   "seek,needed,needs,need,wanted,want,required,requires,require,advertised,sought,"
		   "find,find replacement,"
		   "looking for,replacement,replace,to cover,please cover,pls "
		   "cover,please,pls,plz,help,urgent,cover requested,"
		   "cover needed,cover required,cover wanted,needs cover,need cover,needs "
		   "covering,available,volunteer,"
		   "volunteers,offers,bids,overtime,being sought,to be filled,to fill,fill"},
    {WORD_ABSENCE, "a/l,al,annual leave,leave,on leave,hols,holiday,on "
		   "holiday,holidays,vacation,s/l,study leave,study,study day,"
		   "professional leave,p/l,carers leave,carer leave,special leave,parental "
		   "leave,unpaid leave,mat leave,"
		   "maternity leave,maternity,paternity leave,paternity,toil,time off,time "
		   "owing,lieu,day off,days off,off,off duty,"
		   "off shift,ooo,out of office,oof,away,not available,unavailable,not at "
		   "work,rest day,zero day,zero hours day,"
		   "jury service,secondment,absent,absence,not here,not on shift,not on duty,non "
		   "working day,nwd"},
    {WORD_SICK, "sick,off sick,sickness,sick leave,on sick,ill,illness,unwell,covid,isolating,self "
		"isolating,poorly,"
		"bereavement,bereavement leave,compassionate leave,compassionate,hospital "
		"appointment,hosp appt,"
		"medical appointment,dental appointment,gp appointment,surgery "
		"leave,stress,injury,injured,operation,"
		"phased return,adoption leave,ivf,disability leave,dependants leave,dependant "
		"leave,suspended"},
    {WORD_CANCELLED, "cancelled,canceled,cancel,cancels,cx,cxd,cnx,cncl,deleted,withdrawn "
		     "shift,shift cancelled"},
    {WORD_NOISE,
	"meeting,meetings,mtg,team meeting,handover,hand over,handovers,rota due,rota "
	"review,training,training day,"
	"teaching,supervision,ward round,audit,away day,birthday,mandatory "
	"training,cpd,reminder,deadline,peer group,"
	"grand round,journal "
	"club,mdt,forum,conference,interview,interviews,appraisal,lunch,coffee,drinks,party,"
	"webinar,workshop,seminar,lecture,study group,clinic,appointment,appt,audit "
	"meeting,induction day,pay day,"
	"payday,school run,annual review,review meeting,one to one,121,catch "
	"up,huddle,debrief,reflective practice,"
	"drop in,social,social event,leaving do,fire drill,system downtime,it upgrade,clocks "
	"change,clocks go back,"
	"clocks go forward,rota planning,rota published,send rota,submit "
	"rota,timesheets,timesheet"},
    {WORD_HOLIDAY, "bank holiday,bank hol,bh,public holiday,easter monday,easter "
		   "sunday,easter,good friday,christmas day,"
		   "christmas eve,christmas,xmas,xmas day,xmas eve,boxing day,new years day,new "
		   "years eve,new year,nye,"
		   "may day,early may bank holiday,spring bank holiday,summer bank "
		   "holiday,jubilee,coronation"},
    {WORD_PRIVATE, "busy,private,private appointment,private event,free,free busy,no title,no "
		   "subject,untitled,"
		   "working elsewhere,no details,details hidden,restricted,confidential,busy "
		   "event,tentative event,new event"},
    {WORD_NOT, "was,were,not,instead of,in place of,vice,formerly,previously was,for,covering "
	       "for,cover for,covers for,"
	       "replacing,replaces,relieving,relieves,on behalf of,in lieu of,swap w/,swap "
	       "with,swapped with,swapped w/,"
	       "swaps with,swapped for,swapped from,swap from,taking over from,took over "
	       "from,takes over from,taken from,"
	       "over from,sub for,deputising for,standing in for,stands in for,stand in "
	       "for,filling in for,handover from,"
	       "except for,minus,without,excluding"},
    {WORD_COVERING, "covering,covers"},
    {WORD_SWAPPING, "swapping with,swapping w/,swapping,swap,swaps,swapped,exchange "
		    "with,exchanging with,vs,versus"},
    {WORD_BY, "covered by,cover by,being covered by,replaced by,swapped to,swap to,taken by,done "
	      "by,now with,handed to,"
	      "given to,goes to,changed to,moved to,relieved by"},
    {WORD_SHADOW,
	"shadow,shadowing,shadows,shadowed by,induction,supernumerary,super "
	"numerary,student,students,trainee,"
	"trainee amhp,observer,observing,observation,work experience,preceptee,on induction"},
    {WORD_WITH, "with,w/"},
    {WORD_NO, "no"},
    {WORD_COVER, "cover,covered,cov"},
    {WORD_THEN, "then,thereafter,after that,afterwards"},
    {WORD_UNTIL, "until,til,till,up to,upto,ends,ending,finishes,finishing"},
    {WORD_FROM, "from,after,starting,starts,onwards from,as from"},
    {WORD_TO, "to"},
};

void
lexicon_init(struct lexicon *lexicon, struct arena *arena)
{
	*lexicon = (struct lexicon){.arena = arena};
	table_init(&lexicon->index, arena, 1200);
	table_init(&lexicon->decided, arena, 8);
	table_init(&lexicon->names, arena, 8);
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
		const char *at = entries[i].phrases;

		while (*at != '\0') {
			size_t len = strcspn(at, ",");

			table_put(&lexicon->index, arena, arena_strndup(arena, at, len),
			    (uint32_t)entries[i].word);
			at += len + (at[len] == ',');
		}
	}
}

static bool
is_in_phrase(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER;
}

/* The words from ${at} with one blank between each. "": there is no such phrase. */
static const char *
join(struct arena *arena, const struct tokens *tokens, size_t at, size_t count)
{
	struct buf buf = {0};
	const char *text;

	for (size_t i = at; i < at + count; i++) {
		if (i > at)
			buf_add_text(&buf, " ");
		buf_add_text(&buf, tokens->items.items[i].text);
	}
	text = arena_strndup(arena, buf.at != NULL ? buf.at : "", buf.len);
	buf_free(&buf);
	return text;
}

const char *
lexicon_key(struct arena *arena, const char *text)
{
	struct tokens tokens;
	const char *key;

	tokens_make(&tokens, arena, text);
	if (tokens.items.count == 0 || tokens.items.count > PHRASE_TOKENS_MAX)
		return NULL;
	for (size_t i = 0; i < tokens.items.count; i++) {
		if (!is_in_phrase(&tokens.items.items[i]))
			return NULL;
	}
	key = join(arena, &tokens, 0, tokens.items.count);
	return strlen(key) < PHRASE_BYTES_MAX ? key : NULL;
}

/* What says nothing against somebody coming, or is at most not about cover. */
static bool
is_open(enum word word)
{
	return word == WORD_NONE || word == WORD_PLAIN || word == WORD_SHIFT ||
	       word == WORD_NOISE || word == WORD_HOLIDAY;
}

bool
lexicon_may_decide(const struct lexicon *lexicon, const char *key, enum word word)
{
	struct tokens tokens;
	size_t len;

	if (word != WORD_PLAIN)
		return true; /* it takes cover away */
	tokens_make(&tokens, lexicon->arena, key);
	for (size_t i = 0; i < tokens.items.count; i++) {
		len = 0;
		if (!is_open(lexicon_find(lexicon, &tokens, i, &len)))
			return false;
	}
	return true;
}

/* A table keeps what was put first: who decides last has to be told first. */
void
lexicon_decide(struct lexicon *lexicon, const char *key, enum word word)
{
	table_put(&lexicon->decided, lexicon->arena, key, (uint32_t)word);
}

void
lexicon_know(struct lexicon *lexicon, const char *name)
{
	struct tokens tokens;
	const char *whole = lexicon_key(lexicon->arena, name);

	if (whole != NULL && whole[0] != '\0' && whole[1] != '\0')
		table_put(&lexicon->names, lexicon->arena, whole, WORD_PLAIN);
	tokens_make(&tokens, lexicon->arena, name);
	for (size_t i = 0; i < tokens.items.count; i++) {
		const struct token *token = &tokens.items.items[i];

		if (token->kind == TOKEN_WORD && strlen(token->text) >= NAME_BYTES_MIN)
			table_put(&lexicon->names, lexicon->arena, token->text, WORD_PLAIN);
	}
}

/* The meaning of ${phrase}: what was decided of it, else that of the list of words, else a name of
 * the region. */
static enum word
meaning_of(const struct lexicon *lexicon, const char *phrase)
{
	uint32_t word = table_get(&lexicon->decided, phrase);

	if (word == TABLE_NONE)
		word = table_get(&lexicon->index, phrase);
	if (word == TABLE_NONE)
		word = table_get(&lexicon->names, phrase);
	return word == TABLE_NONE ? WORD_NONE : (enum word)word;
}

enum word
lexicon_find(const struct lexicon *lexicon, const struct tokens *tokens, size_t at, size_t *len)
{
	char phrase[PHRASE_BYTES_MAX];
	size_t used = 0;
	enum word found = WORD_NONE;

	for (size_t n = 0; n < PHRASE_TOKENS_MAX && at + n < tokens->items.count; n++) {
		const struct token *token = &tokens->items.items[at + n];
		size_t length = strlen(token->text);
		enum word word;

		if (!is_in_phrase(token) || used + length + 2 > sizeof phrase)
			break;
		if (n > 0)
			phrase[used++] = ' ';
		memcpy(phrase + used, token->text, length + 1);
		used += length;
		word = meaning_of(lexicon, phrase);
		if (word != WORD_NONE) {
			found = word;
			*len = n + 1;
		}
	}
	return found;
}
