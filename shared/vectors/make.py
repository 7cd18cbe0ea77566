"""Makes the vectors of this folder with other code than ours: Python and the package cryptography. Run from the root."""
import json,base64,hashlib,hmac,struct
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives import serialization as S
b=lambda x: base64.urlsafe_b64encode(x).rstrip(b'=').decode()
k=Ed25519PrivateKey.from_private_bytes(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
k2=Ed25519PrivateKey.from_private_bytes(bytes([5]*32))
pub=lambda k:k.public_key().public_bytes(S.Encoding.Raw,S.PublicFormat.Raw)
def jwk(k):
    x=b(pub(k)); kid=b(hashlib.sha256(('{"crv":"Ed25519","kty":"OKP","x":"%s"}'%x).encode()).digest())
    return {"alg":"Ed25519","crv":"Ed25519","kid":kid,"kty":"OKP","use":"sig","x":x}
j=jwk(k); kid=j["kid"]
can=lambda o: json.dumps(o,sort_keys=True,separators=(',',':'),ensure_ascii=False)
P={"act":"choices","at":"2026-11-23T12:00:00Z","controller":"Bakkerij Voorbeeld","decisions":[{"decided":"given","purpose":"nieuwsbrief","until":"2028-11-23T12:00:00Z","version":1},{"decided":"not_given","purpose":"post","version":2}],"form":"aanmelden","form_version":1,"iss":"https://c.example","language":"nl","method":"web","notice":"sha256-"+"ab"*32,"offered_at":"2026-11-23T11:59:00Z","organisation":"bakkerij","origin":"https://shop.example","receipt":"01a20990-0000-8000-8000-000000000001","schema":"vinkje/receipt/1","subject":"01a20990-0000-8000-8000-000000000001","ui":"wasm","widget":"0011223344556677"}
pay=can(P)
H={"alg":"Ed25519","kid":kid,"typ":"consent-receipt+jws"}
def sign(h,p,key=k):
    h=h if isinstance(h,str) else can(h)
    s=b(h.encode())+"."+b(p if isinstance(p,bytes) else p.encode())
    return s+"."+b(key.sign(s.encode()))
good=sign(H,pay)
h,p,s=good.split('.')
I={**P,"act":"import","decisions":[{"decided":"given","purpose":"nieuwsbrief","until":"2027-05-03T00:00:00Z","version":1}],"imported":{"claimed_at":"2025-05-03T00:00:00Z","file":"sha256-"+"cd"*32,"reference":"formulier-17","source":"Beurs Gouda, papieren lijst","wording":"sha256-"+"ef"*32},"method":"import","ui":"none"}
I.pop("origin")
G={**P,"method":"paper","registered":{"by":"balie 2","claimed_at":"2026-11-20T00:00:00Z","scan":"sha256-"+"cd"*32},"ui":"none","widget":"0000000000000000"}
G.pop("origin")
K={**P,"kiosk":{"at":"2026-11-23T11:59:00Z","behind_seconds":60,"kiosk":"018f0000-0000-8000-8000-000000000001","number":7,"staff":"balie 2"},"method":"kiosk","ui":"wasm"}
K.pop("origin")
B={**P,"act":"sale","decisions":[{"decided":"not_objected","purpose":"klanten","until":"2028-11-20T00:00:00Z","version":1}],"method":"sale","sold":{"product_group":"kaas","sale":"order-17","sold_at":"2026-11-20T00:00:00Z"},"ui":"none"}
B.pop("origin")
cases=[("good",good,"accepted"),("an imported list, with its proof",sign(H,can(I)),"accepted"),("an imported list, without proof",sign(H,can({**I,"decisions":[{"decided":"unproven","purpose":"nieuwsbrief","version":1}],"imported":{"file":I["imported"]["file"],"source":I["imported"]["source"]}})),"accepted"),("an objection where nothing stood",sign(H,can({**P,"act":"objection","decisions":[],"method":"manage_page"})),"accepted"),("a signed paper that staff entered",sign(H,can(G)),"accepted"),("a stop that staff entered",sign(H,can({**G,"act":"withdrawal","decisions":[],"method":"staff","registered":{"by":"balie 2"}})),"accepted"),("a paper that nobody entered",sign(H,can({**G,"registered":{"scan":G["registered"]["scan"]}})),"payload_shape"),("a paper with a member too many",sign(H,can({**G,"registered":{**G["registered"],"email":"x"}})),"payload_shape"),("an answer at a kiosk",sign(H,can(K)),"accepted"),("an answer at a kiosk without its number",sign(H,can({**K,"kiosk":{k:v for k,v in K["kiosk"].items() if k!="number"}})),"payload_shape"),("a sale, with the objection offered",sign(H,can(B)),"accepted"),("a sale where the person objected",sign(H,can({**B,"decisions":[{"decided":"objected","purpose":"klanten","version":1}]})),"accepted"),("a sale without its day",sign(H,can({**B,"sold":{"product_group":"kaas","sale":"order-17"}})),"payload_shape"),("a sale that names somebody",sign(H,can({**B,"sold":{**B["sold"],"email":"x"}})),"payload_shape"),("a list without its file",sign(H,can({**I,"imported":{"source":"x"}})),"payload_shape"),("a list with a member too many",sign(H,can({**I,"imported":{**I["imported"],"email":"x"}})),"payload_shape"),("alg EdDSA, for verifiers of before RFC 9864",sign({**H,"alg":"EdDSA"},pay),"accepted")]
flip=bytearray(pay.encode()); i=pay.index('not_given'); 
cases+=[("one letter of the payload changed",h+"."+b(pay.replace("2028","2038").encode())+"."+s,"signature"),
("signed by another key under our kid",sign(H,pay,k2),"signature"),
("another key's kid",sign({**H,"kid":jwk(k2)["kid"]},pay,k2),"unknown_key"),
("signature of another receipt",good.rsplit('.',1)[0]+"."+sign(H,pay.replace("web","web")[:-1]+" }").split('.')[2],"signature"),
("padded base64url",h+"=."+p+"."+s,"shape"),
("two parts",h+"."+p,"shape"),
("four parts",good+".x","shape"),
("trailing dot",good+".","shape"),
("empty","","shape"),
("truncated",good[:-4],"shape"),
("not base64url",h+"."+p+"."+s[:-1]+"!","shape"),
("unknown header member",sign({**H,"x":"1"},pay),"header"),
("crit",sign({**H,"crit":["b64"]},pay),"header"),
("jku",sign({**H,"jku":"https://evil.example/jwks.json"},pay),"header"),
("jwk",sign({**H,"jwk":j},pay),"header"),
("no kid",sign({"alg":"Ed25519","typ":H["typ"]},pay),"header"),
("alg given twice",sign('{"alg":"Ed25519","alg":"Ed25519","kid":"%s","typ":"consent-receipt+jws"}'%kid,pay),"header"),
("alg none",sign({**H,"alg":"none"},pay),"algorithm"),
("alg HS256",sign({**H,"alg":"HS256"},pay),"algorithm"),
("typ JWT",sign({**H,"typ":"JWT"},pay),"type"),
("members in another order",sign(H,json.dumps(dict(reversed(list(P.items()))),separators=(',',':'))),"payload_spelling"),
("spaces",sign(H,json.dumps(P,sort_keys=True,ensure_ascii=False)),"payload_spelling"),
("needless escape",sign(H,pay.replace("Bakkerij","\\u0042akkerij")),"payload_spelling"),
("member given twice",sign(H,pay.replace('"act":"choices"','"act":"choices","act":"choices"')),"payload_shape"),
("unknown member",sign(H,can({**P,"x":"1"})),"payload_shape"),
("missing member",sign(H,can({a:c for a,c in P.items() if a!="notice"})),"payload_shape"),
("another schema",sign(H,can({**P,"schema":"vinkje/receipt/9"})),"payload_shape"),
("a decision that does not exist",sign(H,pay.replace('"not_given"','"assumed"')),"payload_shape"),
("not JSON",sign(H,"hello"),"payload_shape"),
("invalid UTF-8",sign(H,b"\xff\xfe"),"payload_shape"),
("too long","a"*8193,"too_long")]
json.dump({"about":"Signed with the public test key of RFC 8037 appendix A; it protects nothing.","keys":{"keys":[j]},"payload":pay,"cases":[{"name":n,"jws":t,"expected":e} for n,t,e in cases]},open('shared/vectors/receipts.json','w'),indent=1,ensure_ascii=False)
ks=[("one key",{"keys":[j]},True),("empty",{"keys":[]},True),("a key of another type is passed over",{"keys":[{"kty":"RSA","n":"x","e":"y"},j]},True),
("kid is not the thumbprint",{"keys":[{**j,"kid":"me"}]},False),("another curve",{"keys":[{**j,"crv":"X25519"}]},False),("for another algorithm",{"keys":[{**j,"alg":"RS256"}]},False),
("a short key",{"keys":[{**j,"x":j["x"][:-2]}]},False),("a weak point",{"keys":[{**j,"x":b(bytes([1]+[0]*31)),"kid":b(hashlib.sha256(('{"crv":"Ed25519","kty":"OKP","x":"%s"}'%b(bytes([1]+[0]*31))).encode()).digest())}]},False),
("no keys",{},False),("keys is no list",{"keys":{}},False),("too many",{"keys":[j]*33},False)]
json.dump([{"name":n,"set":v,"accepted":a} for n,v,a in ks],open('shared/vectors/key_sets.json','w'),indent=1)
body=bytes([1])+struct.pack('>q',1795435200)+bytes([9]*8)+struct.pack('>I',3)+bytes([1])+bytes([1,2,3,4,5,6,7,8])+bytes([0xab]*32)
for n in (b"bakkerij",b"aanmelden"): body+=bytes([len(n)])+n
def seal(body,key=bytes([7]*32)): return b(body+hmac.new(key,b"offer/1\0"+body,hashlib.sha256).digest()[:16])
g=seal(body); bad=bytearray(base64.urlsafe_b64decode(g+'='*(-len(g)%4))); bad[20]^=1
of=[("good",g,True),("one bit changed",b(bytes(bad)),False),("another key",seal(body,bytes([8]*32)),False),("cut",g[:-4],False),("more after it",g+"AAAA",False),("an unknown layout",seal(bytes([2])+body[1:]),False),("an unknown language",seal(body[:29-8]+body[21:29-8]+body[21:29-8]+bytes([9])+body[22:]),False),("version 0",seal(body[:17]+bytes(4)+body[21:]),False),("bytes after the names",seal(body+b"x"),False),("empty","",False)]
json.dump([{"name":n,"token":t,"accepted":a} for n,t,a in of],open('shared/vectors/offers.json','w'),indent=1)
