"""What furniture says, in thirty languages: whole lines, openings of lines, and words that add up.

One line a language, phrases between bars, in lower case and without final punctuation, as `furniture` compares
them. All languages are looked up at once: pages mix them, and a phrase of one language means nothing in another.
"""

from functools import cache

# A line that is only this goes: advertisements, share bars, buttons, labels of the page.
LABELS = """
en advertisement | advert | ad | ads | advertising | sponsored | sponsored content | promoted content | paid content | partner content | advertorial
en story continues below | story continues below advertisement | article continues below | article continues after advertisement | advertisement story continues below | continue reading below | advertisement scroll to continue | scroll to continue | skip advertisement | skip to content | skip to main content
en share | share this | share this article | share this story | share article | share on facebook | share on twitter | share on x | share on whatsapp | share via email | tweet | tweet this | pin it | print | print this | email this | email this article | copy link | link copied | copied | copy url | save | save article | bookmark | save for later | gift this article | listen | listen to article | listen to this article | play | pause | watch | watch now | watch live | loading | please wait | menu | search | close | back to top | top | next | previous | show more | view more | see more | load more | expand | toggle menu | view gallery | view image in fullscreen | open image modal | image | photo | photos | video | gallery | photo gallery | caption | hide caption | toggle caption | enlarge | enlarge this image | article content | main content | headline | article | embed | tooltip icon | icon | recommended videos | up next | now playing | autoplay | mute | unmute | fullscreen | live | breaking | breaking news | exclusive | opinion | analysis | premium | subscribers only | for subscribers | subscriber only | members only | login | log in | sign in | sign up | subscribe | subscribe now | register | register now | follow us | follow | follow us on | contact us | view comments | comments | comment | post a comment | leave a comment | leave a reply | write a comment | add a comment | add comment | show comments | hide comments | read comments | join the conversation | join the discussion | be the first to comment | no comments | no comments yet | comments are closed | comments have been disabled | user forum | forum | reply | report | report abuse | report this ad | feedback | send feedback | was this article helpful | was this helpful | did you find this useful | rate this article | rating | get the app | download the app | download our app | add us on google | add as a preferred source on google | preferred source | google news | follow on google news | trending | trending now | popular | sources | source | tags | tag | topics | keywords | ai generated | manage preferences | privacy settings | cookie settings | accept | accept all | decline | reject all | i agree | ok | got it | learn more | find out more | click here | tap here | here | close dialog | swipe | end of article | follow us on social media | get daily national news | story highlights | skip | off | on | true | false | null | undefined | none | ad feedback | sponsored links | paid post | promoted | you can also check | recommended video | tap to unmute | click to expand | view in app | open in app | disclaimer | table of contents | contents | in this article | key takeaways | last updated on | get started | sign up free | stay informed | stay connected | posted on | posted in | published on | updated at | updated on | last updated | reading time | read time | written by | reviewed by | posted by | published by | republish this article | check it out | want to see more | explore more | lorem ipsum | permalink | seite drucken | newsticker | rss | terms of use | privacy policy | cookie policy | all rights reserved
de anzeige | werbung | weiter nach der anzeige | artikel wird nach der anzeige fortgesetzt | teilen | artikel teilen | auf facebook teilen | twittern | drucken | artikel drucken | merken | artikel merken | speichern | vorlesen | artikel anhören | anhören | kommentare | kommentar | kommentieren | jetzt kommentieren | kommentar schreiben | kommentar abgeben | kommentare anzeigen | alle kommentare | diskutieren | mitdiskutieren | zur diskussion | link kopieren | link kopiert | zur startseite | startseite | nach oben | seitenanfang | hauptinhalt | inhalt | inhaltsverzeichnis | bildergalerie | bilderstrecke | zur bildergalerie | video | videos | galerie | bild | bilder | fotostrecke | schließen | menü | suche | anmelden | einloggen | registrieren | abonnieren | jetzt abonnieren | abo | newsletter | mehr anzeigen | weiterlesen | weniger anzeigen | externer inhalt | externer inhalt nicht verfügbar | empfohlener redaktioneller inhalt | ein klick für den datenschutz | datenschutz | link zum youtube-inhalt | fehler gefunden | fehler melden | fehler gefunden jetzt melden | feedback | quelle | quellen | eigene recherchen | eigene recherche | themen | schlagworte | stichworte | liveblog | embed | plus | exklusiv | nur für abonnenten | artikel | aktualisiert am | infos zum zitiervorschlag | schicken sie uns ihr feedback | feedback schicken sie uns ihr feedback | drucken seite drucken | permalink | hinweis | du musst dich einloggen um einen kommentar abzugeben | bitte melden sie sich an um zu kommentieren | nach oben scrollen | newsletter anmeldung | mehr anzeigen weniger anzeigen
fr publicité | passer la publicité | la suite après cette publicité | la suite après la publicité | partager | partager l'article | partager sur facebook | imprimer | envoyer par mail | copier le lien | lien copié | commenter | commentaires | réagir | voir les commentaires | écouter | écouter l'article | écouter cet article | offrir cet article | ajouter à vos favoris | enregistrer | sauvegarder | lire la suite | voir plus | afficher plus | fermer | menu | accueil | haut de page | s'abonner | je m'abonne | abonnez-vous | se connecter | connexion | réservé aux abonnés | article réservé aux abonnés | réservé à nos abonnés | vidéo | vidéos | photos | diaporama | exclusif | mots-clés | sujets | thèmes | sources | retour en haut
es publicidad | anuncio | la noticia continúa debajo | compartir | compartir en facebook | imprimir | enviar por email | copiar enlace | enlace copiado | comentar | comentarios | ver comentarios | deja un comentario | escuchar | guardar | leer más | ver más | mostrar más | cerrar | menú | inicio | portada | suscríbete | suscribirse | suscribete | iniciar sesión | regístrate | esta funcionalidad es sólo para suscriptores | exclusivo para suscriptores | sólo para suscriptores | contenido exclusivo | vídeo | video | fotos | galería | etiquetas | temas | archivado en | más información | normas | newsletter | flecha
it pubblicità | annuncio | condividi | condividi su facebook | stampa | invia | copia link | link copiato | commenta | commenti | lascia un commento | ascolta | ascolta l'articolo | salva | leggi tutto | continua a leggere | mostra altro | chiudi | menu | home | abbonati | accedi | registrati | contenuto riservato agli abbonati | riproduzione riservata | video | foto | fotogallery | galleria | tag | argomenti | temi
pt publicidade | anúncio | continua após a publicidade | continua depois da publicidade | compartilhar | partilhar | compartilhe | imprimir | enviar por e-mail | copiar link | link copiado | comentar | comentários | deixe um comentário | ouvir | salvar | guardar | leia mais | ler mais | ver mais | carregar mais | fechar | menu | início | assine | assinar | entrar | subscrever | exclusivo para assinantes | conteúdo exclusivo para assinantes | vídeo | fotos | galeria | tópicos | tags | etiquetas
nl advertentie | reclame | lees verder onder de advertentie | artikel gaat verder onder de advertentie | delen | deel | deel dit artikel | afdrukken | kopieer link | reageren | reacties | reageer | luister | luister naar dit artikel | bewaren | bewaar | bewaar artikel | lees verder | toon meer | meer tonen | sluiten | menu | abonneren | inloggen | aanmelden | alleen voor abonnees | video | foto's | onderwerpen | tags | bronnen
sv annons | annonser | artikeln fortsätter under annonsen | dela | dela artikel | dela artikeln | skriv ut | kopiera länk | länk kopierad | kommentera | kommentarer | lyssna | spara | läs mer | visa mer | stäng | meny | prenumerera | logga in | bli prenumerant | video | bild | bildspel | ämnen | rätta artikeln | låst artikel
da annonce | artiklen fortsætter efter annoncen | del | del artikel | del artiklen | print | kopier link | kommenter | kommentarer | lyt | lyt til artiklen | gem | gem artikel | læs mere | vis mere | luk | menu | abonner | log ind | bliv abonnent | kun for abonnenter | video | emner
no annonse | reklame | annonsørinnhold | artikkelen fortsetter under annonsen | saken fortsetter under annonsen | saken fortsetter etter annonsen | del | del artikkelen | skriv ut | kopier lenke | kommenter | kommentarer | kommenter artikkelen | lytt | lagre | les mer | vis mer | lukk | meny | abonner | logg inn | bli abonnent | for abonnenter | video | emner
fi mainos | mainos jatkuu alla | juttu jatkuu mainoksen jälkeen | jaa | jaa artikkeli | tulosta | kopioi linkki | kommentoi | kommentit | kuuntele | tallenna | lue lisää | näytä lisää | sulje | valikko | tilaa | kirjaudu | kirjaudu sisään | vain tilaajille | tilaajille | video | aiheet
pl reklama | dalsza część artykułu pod reklamą | ciąg dalszy artykułu pod reklamą | dalszy ciąg materiału pod wideo | udostępnij | podziel się | drukuj | kopiuj link | skomentuj | komentarze | dodaj komentarz | posłuchaj | zapisz | pokaż więcej | zamknij | menu | strona główna | subskrybuj | zaloguj | zaloguj się | tylko dla subskrybentów | artykuł dla subskrybentów | wideo | zdjęcia | galeria | tagi | tematy | źródła | źródło
cs reklama | článek pokračuje pod reklamou | pokračování článku pod reklamou | sdílet | sdílejte | tisk | tisknout | kopírovat odkaz | diskuse | komentáře | přidat komentář | vstoupit do diskuse | poslechnout | uložit | uložit na později | číst dál | zobrazit více | zavřít | menu | předplatit | předplatné | přihlásit | přihlásit se | pouze pro předplatitele | video | fotogalerie | témata | tagy | článek | zdroj | zdroje
ru реклама | на правах рекламы | продолжение после рекламы | поделиться | распечатать | печать | скопировать ссылку | ссылка скопирована | комментарии | комментировать | оставить комментарий | обсудить | слушать | сохранить | читать далее | читать полностью | показать еще | показать ещё | закрыть | меню | главная | подписаться | подписка | войти | только для подписчиков | видео | фото | фотогалерея | темы | теги | источник | источники
uk реклама | поділитися | поширити | роздрукувати | скопіювати посилання | коментарі | коментувати | залишити коментар | обговорити | слухати | зберегти | читати далі | показати ще | закрити | меню | головна | підписатися | увійти | тільки для передплатників | відео | фото | теми | теги | джерело | джерела
tr reklam | ilan | haberin devamı | paylaş | facebook'ta paylaş | yazdır | bağlantıyı kopyala | yorumlar | yorum yap | yorum yaz | dinle | haberi dinle | kaydet | devamını oku | daha fazla | daha fazla göster | kapat | menü | anasayfa | ana sayfa | abone ol | giriş yap | üye ol | video | foto galeri | galeri | etiketler | konular | haberler | kaynak
ar إعلان | اعلان | مشاركة | شارك | طباعة | نسخ الرابط | تم نسخ الرابط | تعليقات | التعليقات | أضف تعليق | اكتب تعليقا | استمع | حفظ | اقرأ المزيد | المزيد | عرض المزيد | إغلاق | القائمة | الرئيسية | اشترك | اشترك الآن | تسجيل الدخول | فيديو | صور | معرض الصور | الكلمات المفتاحية | كلمات دلالية | المصدر | المصادر
he פרסומת | שתפו | שיתוף | שתף | הדפסה | העתק קישור | תגובות | הוסף תגובה | כתבו תגובה | האזינו | שמירה | קרא עוד | המשך קריאה | עוד | סגור | תפריט | ראשי | הירשמו | התחברות | התחבר | למנויים בלבד | וידאו | תמונות | גלריה | תגיות | מקור
hi विज्ञापन | शेयर करें | शेयर | प्रिंट | कॉपी लिंक | लिंक कॉपी | टिप्पणियां | टिप्पणी करें | कमेंट | कमेंट करें | सुनें | सेव करें | और पढ़ें | पूरा पढ़ें | और देखें | बंद करें | मेन्यू | होम | सब्सक्राइब करें | लॉगिन | साइन इन | वीडियो | फोटो | फोटो गैलरी | टैग्स | विषय
zh 广告 | 廣告 | 分享 | 分享到 | 分享让更多人看到 | 打印 | 列印 | 复制链接 | 複製連結 | 评论 | 評論 | 留言 | 关注 | 關注 | 收藏 | 点赞 | 举报 | 收听 | 展开 | 收起 | 阅读全文 | 閱讀全文 | 查看更多 | 更多 | 关闭 | 關閉 | 首页 | 首頁 | 登录 | 登入 | 注册 | 註冊 | 订阅 | 訂閱 | 会员专享 | 視頻 | 视频 | 影片 | 图片 | 圖片 | 图集 | 标签 | 標籤 | 关键词 | 字号 | 责任编辑
ja 広告 | pr | シェア | シェアする | ツイート | ポスト | 印刷 | リンクをコピー | コメント | コメントする | コメントを書く | 保存 | クリップ | お気に入り | 続きを読む | もっと見る | 閉じる | メニュー | ホーム | トップ | ログイン | 会員登録 | 購読 | 有料会員限定 | 会員限定 | この記事は会員限定です | この記事は有料会員記事です | 有料記事 | 動画 | 写真 | 画像 | 写真を見る | 関連キーワード | おすすめ情報 | カテゴリーをフォローする | フォローする | 完了しました | 拡大 | 拡大する | 国際ニュースを英語で読む
ko 광고 | 공유 | 공유하기 | 인쇄 | 링크 복사 | 기사 url이 복사되었습니다 | url 복사 | 댓글 | 댓글 쓰기 | 댓글쓰기 | 댓글달기 | 기사 듣기 | 듣기 | 저장 | 스크랩 | 더보기 | 더 보기 | 닫기 | 메뉴 | 홈 | 로그인 | 회원가입 | 구독 | 구독하기 | 동영상 | 영상 | 사진 | 이미지 | 태그 | 관련 키워드 | 좋아요 | 기사 제보 | 이 기사를 공유합니다 | 글자크기 | 글자 크기
th โฆษณา | แชร์ | แบ่งปัน | พิมพ์ | คัดลอกลิงก์ | ความคิดเห็น | แสดงความคิดเห็น | ฟังข่าว | บันทึก | อ่านต่อ | ดูเพิ่มเติม | ปิด | เมนู | หน้าแรก | สมัครสมาชิก | เข้าสู่ระบบ | วิดีโอ | รูปภาพ | แท็ก | ที่มา
id iklan | advertisement | scroll to continue with content | scroll untuk melanjutkan membaca | bagikan | cetak | salin tautan | tautan disalin | komentar | tulis komentar | dengarkan | simpan | baca selengkapnya | selengkapnya | lihat selengkapnya | muat lainnya | tutup | menu | beranda | berlangganan | masuk | daftar | khusus pelanggan | video | foto | galeri | topik | tag | sumber
vi quảng cáo | chia sẻ | in bài viết | sao chép liên kết | bình luận | ý kiến | nghe | lưu | lưu bài viết | xem thêm | đọc tiếp | đóng | trang chủ | đăng ký | đăng nhập | video | ảnh | chủ đề | từ khóa | nguồn
el διαφήμιση | κοινοποίηση | κοινοποιήστε | εκτύπωση | αντιγραφή συνδέσμου | σχόλια | σχολιάστε | αφήστε σχόλιο | ακούστε | αποθήκευση | συνέχεια ανάγνωσης | περισσότερα | κλείσιμο | μενού | αρχική | εγγραφή | σύνδεση | βίντεο | φωτογραφίες | ετικέτες | πηγή
ro publicitate | articolul continuă după publicitate | distribuie | distribuiți | share | tipărește | copiază linkul | comentarii | comentează | adaugă un comentariu | ascultă | salvează | citește mai mult | citește mai departe | vezi mai mult | închide | meniu | acasă | prima pagină | abonează-te | conectare | autentificare | video | foto | galerie foto | etichete | sursa
hu hirdetés | a cikk a hirdetés után folytatódik | megosztás | megosztom | nyomtatás | link másolása | hozzászólások | hozzászólok | kommentek | meghallgatom | mentés | tovább olvasom | tovább | bezárás | menü | főoldal | címlap | feliratkozás | feliratkozom | előfizetés | előfizetek | bejelentkezés | videó | fotó | galéria | címkék | forrás
"""

# A heading over links to other articles: it goes, and the headlines under it with it. With text after it on the same
# line ("Read more: …") the line goes alone.
TEASERS = """
en more | read more | read also | also read | read next | read this next | see also | see more | further reading | more on this | more on this story | more on this topic | more from | more stories | more news | more like this | related | related articles | related article | related stories | related story | related news | related content | related topics | related links | related posts | related coverage | related reading | recommended | recommended reading | recommended for you | recommended stories | you may like | you might like | you may also like | you might also like | you may also be interested in | you might also be interested in | you might be interested in | don't miss | do not miss | must read | must reads | most read | most popular | most viewed | popular stories | popular now | editor's picks | editors' picks | editor's pick | top stories | latest news | latest stories | trending stories | in other news | keep reading | next up | up next | read the full story | read full story | full story | related video | related videos | watch also | watch more | click to read | from our partners | around the web | from the web | more in | in case you missed it | what to read next | you may have missed
de mehr zum thema | mehr zu diesem thema | mehr dazu | lesen sie auch | lesen sie mehr | lesen sie hier | lesen sie dazu auch | lesen sie dazu | lesen sie weiter | lesen sie außerdem | lies auch | lesen sie mehr zum thema | auch interessant | das könnte sie auch interessieren | das könnte sie interessieren | das könnte dich auch interessieren | dies könnte sie auch interessieren | passend zum thema | passend zum artikel | passend dazu | beste von plus | hier finden sie außerdem | zum nachlesen | weitere artikel | weitere themen | weitere nachrichten | weitere meldungen | weiterführende links | weiterführende artikel | zum artikel | zum thema | zum weiterlesen | ähnliche artikel | ähnliche themen | ähnliche | verwandte artikel | verwandte themen | mehr aus | mehr von | mehr news | mehr themen | mehr nachrichten | mehr lesen | meistgelesen | meistgelesene artikel | am meisten gelesen | beliebte artikel | empfohlene artikel | empfehlungen der redaktion | leseempfehlung | lesetipp | lesetipps | unsere empfehlung | unsere empfehlungen | hintergrund lesen sie hier | siehe auch | aktuelle nachrichten | aktuelle meldungen | top-themen | im video | video zum thema | noch mehr zum thema | beiträge aus dem forum | beliebt im preisvergleich | newsblog
fr à lire aussi | à lire également | lire aussi | lire également | lisez aussi | à lire | lire plus | à voir aussi | voir aussi | à découvrir | à consulter | sur le même sujet | sur le même thème | articles liés | articles similaires | articles associés | articles connexes | articles recommandés | nos recommandations | les plus lus | les articles les plus lus | dans la même rubrique | dans l'actualité | pour aller plus loin | vous aimerez aussi | cela pourrait vous intéresser | ça pourrait vous intéresser | a lire aussi | en savoir plus | notre sélection
es lea también | lee también | leer también | lea más | lee más | te puede interesar | también te puede interesar | le puede interesar | te recomendamos | te podría interesar | quizás te interese | noticias relacionadas | noticia relacionada | artículos relacionados | contenido relacionado | más noticias | más sobre | más información | ver también | vea también | mira también | lo más leído | lo más visto | más leídas | además | otras noticias | puedes leer | seguir leyendo | en otras noticias | temas relacionados | relacionadas | relacionado
it leggi anche | leggi pure | leggi di più | leggi l'articolo completo | per approfondire | approfondisci | approfondimenti | articoli correlati | notizie correlate | contenuti correlati | potrebbe interessarti | potrebbe interessarti anche | ti potrebbe interessare | vedi anche | guarda anche | i più letti | le più lette | altre notizie | consigliati per te | da non perdere | sullo stesso argomento | raccomandati per te
pt leia também | leia mais | veja também | saiba mais | ler também | leia ainda | ver também | notícias relacionadas | artigos relacionados | matérias relacionadas | conteúdo relacionado | relacionadas | mais lidas | as mais lidas | mais notícias | recomendados | você também pode gostar | pode te interessar | também poderá gostar | últimas notícias
nl lees ook | lees meer | lees verder | lees hier | lees ook dit | bekijk ook | zie ook | gerelateerde artikelen | gerelateerd | meer over | meer over dit onderwerp | meest gelezen | best gelezen | meer nieuws | aanbevolen | ook interessant | verder lezen | dit vind je misschien ook leuk
sv läs också | läs även | läs mer | se också | mer om | mer i ämnet | relaterade artiklar | relaterat | mest lästa | mest läst | fler nyheter | rekommenderat | missa inte | läs vidare
da læs også | læs mere | se også | mere om | relaterede artikler | relateret | mest læste | flere nyheder | anbefalet | måske er du også interesseret i
no les også | les mer | les hele saken | les flere saker | se også | mer om | mer fra | relaterte artikler | relatert | relaterte saker | mest lest | flere nyheter | anbefalt | saken oppdateres
fi lue myös | lue lisää | katso myös | lisää aiheesta | aiheeseen liittyvää | aiheesta lisää | luetuimmat | suosittelemme | muita uutisia
pl czytaj także | czytaj też | czytaj również | czytaj więcej | przeczytaj także | przeczytaj też | przeczytaj również | zobacz także | zobacz też | zobacz również | zobacz więcej | polecamy | polecane | powiązane artykuły | powiązane tematy | podobne artykuły | najczęściej czytane | najpopularniejsze | więcej na ten temat | więcej o | sprawdź także | warto przeczytać | czytaj dalej
cs čtěte také | čtěte též | přečtěte si také | přečtěte si | číst více | více k tématu | k tématu | související | související články | související témata | mohlo by vás zajímat | mohlo by vás také zajímat | nejčtenější | doporučujeme | další články | viz také | podívejte se také | čtěte i
ru читайте также | читать также | читайте ещё | читайте еще | читать ещё | смотрите также | по теме | материалы по теме | статьи по теме | похожие статьи | похожие материалы | похожие новости | новости по теме | подробнее | самое читаемое | популярное | рекомендуем | ранее по теме | главные новости | другие новости | ещё по теме | еще по теме | вам может быть интересно
uk читайте також | читати також | дивіться також | за темою | матеріали за темою | новини за темою | схожі матеріали | детальніше | популярне | рекомендуємо | раніше за темою | читайте ще | вам може бути цікаво | більше новин
tr ayrıca okuyun | bunlar da ilginizi çekebilir | ilginizi çekebilir | ilgili haberler | ilgili haber | benzer haberler | daha fazla haber | en çok okunanlar | çok okunanlar | bunu da oku | diğer haberler | ayrıca bakınız | okumaya devam et | haberin devamı için tıklayın | son dakika haberleri
ar اقرأ أيضا | اقرأ أيضاً | اقرأ أيضًا | إقرأ أيضا | اقرأ ايضا | اقرأ المزيد | شاهد أيضا | شاهد أيضاً | شاهد ايضا | مواضيع ذات صلة | أخبار ذات صلة | مقالات ذات صلة | قد يعجبك أيضا | قد يهمك | قد يهمك أيضا | الأكثر قراءة | المزيد من | أخبار متعلقة | مواضيع متعلقة | ذات صلة
he קראו גם | קראו עוד | קרא גם | עוד בנושא | כתבות נוספות | כתבות קשורות | אולי יעניין אותך | אולי יעניין אתכם | הנקראות ביותר | ראו גם | לקריאה נוספת | עוד כתבות
hi यह भी पढ़ें | ये भी पढ़ें | इसे भी पढ़ें | यह भी पढ़े | ये भी पढ़े | यह भी देखें | और पढ़ें | संबंधित खबरें | संबंधित समाचार | ताजा खबरें | बड़ी खबरें | सबसे ज्यादा पढ़ी गई | ये खबर भी पढ़ें | यह खबर भी पढ़ें
zh 相关阅读 | 相關閱讀 | 延伸阅读 | 延伸閱讀 | 相关新闻 | 相關新聞 | 相关报道 | 相關報導 | 相关文章 | 相關文章 | 推荐阅读 | 推薦閱讀 | 热门文章 | 熱門文章 | 热门新闻 | 更多新闻 | 更多新聞 | 猜你喜欢 | 猜你喜歡 | 你可能感兴趣 | 相关链接 | 編輯推薦 | 编辑推荐 | 精彩推荐 | 看更多 | 更多報導
ja 関連記事 | 関連ニュース | あわせて読みたい | 合わせて読みたい | おすすめ記事 | おすすめの記事 | 人気記事 | アクセスランキング | ランキング | こちらもおすすめ | 関連リンク | 関連トピックス | 注目記事 | 次に読むべき記事 | 編集部のおすすめ | この記事を読んだ人におすすめ
ko 관련기사 | 관련 기사 | 관련뉴스 | 관련 뉴스 | 추천 기사 | 추천기사 | 많이 본 기사 | 많이 본 뉴스 | 인기 기사 | 인기기사 | 주요뉴스 | 주요 뉴스 | 이 시각 주요뉴스 | 함께 보면 좋은 기사 | 다른 기사 보기 | 최신기사 | 핫이슈
th อ่านเพิ่มเติม | ข่าวที่เกี่ยวข้อง | เรื่องที่เกี่ยวข้อง | บทความที่เกี่ยวข้อง | ข่าวแนะนำ | อ่านข่าวอื่น | อ่านข่าวเพิ่มเติม | ข่าวยอดนิยม | ดูเพิ่มเติม
id baca juga | baca selengkapnya | simak juga | lihat juga | berita terkait | artikel terkait | berita lainnya | artikel lainnya | terpopuler | berita populer | paling banyak dibaca | rekomendasi untuk anda | pilihan redaksi | baca berita lainnya | tonton juga
vi xem thêm | đọc thêm | tin liên quan | bài liên quan | bài viết liên quan | có thể bạn quan tâm | tin cùng chuyên mục | tin khác | đọc nhiều | xem nhiều | tin nổi bật
el διαβάστε επίσης | διαβάστε ακόμα | διαβάστε ακόμη | διαβάστε περισσότερα | δείτε επίσης | δείτε ακόμα | σχετικά άρθρα | σχετικές ειδήσεις | περισσότερα | δημοφιλή | τα πιο δημοφιλή | ροή ειδήσεων | διαβάστε και
ro citește și | citeşte şi | citiți și | citește mai multe | vezi și | articole similare | articole asemănătoare | știri similare | pe aceeași temă | cele mai citite | recomandări | recomandarea editorului | te-ar putea interesa | ar putea să te intereseze | alte știri
hu olvasd el ezt is | olvassa el ezt is | olvasta már | kapcsolódó cikkek | kapcsolódó cikk | kapcsolódó | ajánlott cikkek | ajánljuk még | ezt is olvassa el | ez is érdekelheti | legolvasottabb | további hírek | bővebben | részletek
"""

# Of TEASERS: also ordinary openings of a sentence, so with text behind them only a colon or bar makes them furniture.
PLAIN_WORDS = """
en more | read more | related | recommended | popular | next up | up next | around the web | what to read next | more in | more from | more stories | more news | read next | see more | must read | full story | see also | trending stories | latest news | top stories | further reading | more on this | keep reading | don't miss | most popular | most read | watch more | more like this | in other news
de mehr dazu | mehr aus | mehr von | mehr themen | mehr nachrichten | mehr news | mehr lesen | weitere artikel | weitere themen | weitere nachrichten | weitere meldungen | zum thema | zum artikel | ähnliche | aktuelle nachrichten | aktuelle meldungen | im video | lesen sie hier | newsblog | siehe auch | unsere empfehlung | unsere empfehlungen | passend dazu
fr à découvrir | à lire | en savoir plus | dans l'actualité | lire plus | pour aller plus loin | à consulter | notre sélection | nos recommandations
es además | más sobre | más noticias | más información | otras noticias | relacionado | relacionadas | puedes leer | lee más | lea más | seguir leyendo | en otras noticias
it approfondimenti | per approfondire | altre notizie | da non perdere
pt saiba mais | mais notícias | recomendados | relacionadas | últimas notícias
nl meer over | meer nieuws | lees hier | gerelateerd | aanbevolen | lees meer | lees verder
sv mer om | fler nyheter | relaterat | rekommenderat
da mere om | flere nyheder | relateret | anbefalet
no mer om | mer fra | flere nyheter | relatert | anbefalt
fi muita uutisia | suosittelemme | lisää aiheesta
pl polecamy | polecane | więcej o | najpopularniejsze
cs k tématu | doporučujeme | související | další články
ru подробнее | по теме | популярное | рекомендуем | главные новости | другие новости
uk детальніше | за темою | популярне | рекомендуємо | більше новин
tr diğer haberler | daha fazla haber
ar المزيد من | الأكثر قراءة | ذات صلة
el περισσότερα | δημοφιλή
ro recomandări | alte știri
hu bővebben | részletek | kapcsolódó
id terpopuler | pilihan redaksi
"""

# A heading over what is no part of the article, though it has sentences: who wrote it, what readers say, house rules.
ENDINGS = """
en about the author | about the authors | about author | about the writer | about the reporter | about the journalist | about the editor | author bio | meet the author | meet the expert | about the contributor | reader comments | comments | recent comments | leave a comment | leave a reply | post a comment | post your comment | your email address will not be published | our standards | our mission | disclaimer | disclosure | more about the topics | more about the topic | sign up for our newsletter | subscribe to our newsletter | join our newsletter | get our newsletter | newsletter | user forum | article sources | references | support our work | support our journalism | contact the author | contact the reporter | join our commenting forum | enjoying our latest content
de über den autor | über die autorin | über die autoren | über die autorinnen | zum autor | zur autorin | der autor | die autorin | autor | autorin | autoreninfo | kommentare | kommentar schreiben | schreiben sie einen kommentar | schreibe einen kommentar | kommentar abgeben | leserkommentare | newsletter | haftungsausschluss | impressum | unabhängiger journalismus braucht deine unterstützung | unterstützen
fr à propos de l'auteur | à propos de l'auteure | l'auteur | sur l'auteur | commentaires | laisser un commentaire | vos réactions | nos newsletters | inscrivez-vous à notre newsletter
es sobre el autor | sobre la autora | acerca del autor | comentarios | deja un comentario | deja una respuesta | tu suscripción se está usando en otro dispositivo | suscríbete a nuestra newsletter
it l'autore | sull'autore | chi è l'autore | informazioni sull'autore | commenti | lascia un commento | newsletter
pt sobre o autor | sobre a autora | comentários | deixe um comentário | deixe uma resposta
nl over de auteur | over de auteurs | reacties | plaats een reactie | geef een reactie
sv om författaren | om skribenten | kommentarer | lämna en kommentar
da om forfatteren | om skribenten | kommentarer | skriv en kommentar
no om forfatteren | om skribenten | kommentarer | legg igjen en kommentar
fi kirjoittajasta | tietoja kirjoittajasta | kommentit | jätä kommentti
pl o autorze | o autorce | komentarze | dodaj komentarz | zostaw komentarz
cs o autorovi | o autorce | autor článku | komentáře | diskuse | přidat komentář
ru об авторе | комментарии | оставить комментарий | добавить комментарий | обсуждение
uk про автора | коментарі | залишити коментар | додати коментар
tr yazar hakkında | yorumlar | yorum yap | yorum yazın
ar عن الكاتب | نبذة عن الكاتب | تعليقات | التعليقات | اترك تعليقا | أضف تعليق
he אודות הכותב | על הכותב | תגובות | הוספת תגובה
hi लेखक के बारे में | टिप्पणियां | कमेंट
zh 关于作者 | 作者简介 | 作者簡介 | 热门评论 | 网友评论 | 评论 | 評論 | 免责声明
ja 著者プロフィール | 筆者プロフィール | この記事を書いた人 | 執筆者プロフィール | コメント
ko 기자 소개 | 필자 소개 | 저자 소개 | 댓글
th เกี่ยวกับผู้เขียน | ความคิดเห็น | แสดงความคิดเห็น
id tentang penulis | komentar | tinggalkan komentar | tulis komentar
vi về tác giả | bình luận | ý kiến bạn đọc
el σχετικά με τον συγγραφέα | ο συντάκτης | σχόλια | αφήστε ένα σχόλιο
ro despre autor | comentarii | lasă un comentariu | lasă un răspuns
hu a szerzőről | hozzászólások | szólj hozzá
"""

# Words that together make a line an appeal to the reader. OFFERS and EXTRAS: what is offered or asked for, the former
# hardly ever the matter of an article; CALLS: what the reader is to do; OURS: the outlet speaking of itself; YOURS:
# the reader addressed.
OFFERS = """
en newsletter newsletters inbox subscription subscriptions subscriber subscribers paywall epaper adblocker commenting
de newsletter newslettern newsletters abo abos abonnement abonnenten postfach posteingang epaper probeabo digitalabo drittplattformen leserbrief
fr newsletter newsletters abonnement abonnements abonnés abonné infolettre
es newsletter boletín boletines suscripción suscripciones suscriptores suscriptor
it newsletter abbonamento abbonamenti abbonati
pt newsletter newsletters assinatura assinantes assinante
nl nieuwsbrief nieuwsbrieven abonnement abonnees
sv nyhetsbrev nyhetsbrevet prenumeration prenumeranter
da nyhedsbrev nyhedsbrevet nyhedsbreve abonnement abonnenter
no nyhetsbrev nyhetsbrevet abonnement abonnenter
fi uutiskirje uutiskirjeen uutiskirjeemme tilaajat tilaajille
pl newsletter newslettera newsletterze subskrypcja subskrypcję prenumerata prenumeratę
cs newsletter newsletteru předplatné předplatitele předplatitelé
ru рассылка рассылку рассылки подписка подписку подписчиков телеграм
uk розсилка розсилку розсилки підписка підписку передплата передплату телеграм
tr bülten bülteni bültene bültenimize abonelik
ar النشرة نشرتنا اشتراك الاشتراك المشتركين البريدية
he ניוזלטר מינוי מנויים
hi न्यूज़लेटर न्यूजलेटर सब्सक्रिप्शन सब्सक्राइबर
id buletin newsletter langganan
el newsletter ενημερωτικό συνδρομή συνδρομητές
ro newsletter newsletterul abonament abonamente abonați
hu hírlevél hírlevelünkre hírlevelünk előfizetés előfizetők
"""
EXTRAS = """
en membership cookies cookie whatsapp podcast app notifications commission donation donations forum login account bookmark alerts disclosure privacy terms guidelines comment comments feeds channel device journalism display content tips story stories updates feedback
de cookies datenschutz datenschutzerklärung app spende spenden konto mitglied benachrichtigungen kommentar kommentare podcast kanal journalismus feedback meinung nutzungsbedingungen hinweise hinweis leser leserinnen
fr cookies application notifications compte don dons commentaire commentaires podcast chaîne
es cookies aplicación app notificaciones cuenta correo contraseña comentarios canal dispositivo podcast
it cookie app notifiche account commenti canale
pt cookies aplicativo app notificações conta comentários canal boletim
nl cookies app meldingen account reacties kanaal
sv cookies app appen notiser konto
da cookies app notifikationer konto
no informasjonskapsler cookies app appen varsler konto
fi evästeet evästeitä sovellus ilmoitukset tili tilaus
pl cookies aplikacja aplikację powiadomienia konto
cs cookies aplikace aplikaci upozornění účet
ru cookie куки приложение уведомления аккаунт канал комментарий
uk cookie застосунок сповіщення акаунт канал коментар
tr abone aboneler çerez çerezler çerezleri uygulama bildirimler hesap kanal
ar تطبيق تطبيقنا الإشعارات حساب قناتنا
he קוקיז עוגיות אפליקציה האפליקציה התראות
hi कुकीज़ ऐप एप नोटिफिकेशन चैनल
id pelanggan cookie aplikasi notifikasi akun channel
el cookies εφαρμογή ειδοποιήσεις λογαριασμό
ro cookie aplicația notificări cont
hu sütik cookie alkalmazás értesítések fiók
"""
CALLS = """
en subscribe subscribing sign signing join submit message reach tell share send write follow click tap download register donate support supporting unlock log become bookmark try visit read check get contact email consent agree accept browse enable
de abonnieren abonniere abonnier melden anmelden anmeldung anmeldet folgen folge folgst klicken klick herunterladen laden registrieren spenden spende unterstützen unterstütze unterstützt testen teste jetzt hier lesen bestellen einloggen zustimmen aktiviere aktivieren einverstanden informieren informiert erhalten erhältst senden sendet schicken schickt schreiben schreibt abonnement-anmeldung abonniert
fr abonnez inscrivez suivez cliquez téléchargez rejoignez recevez soutenez découvrez connectez accédez profitez acceptez retrouvez
es suscríbete suscríbase suscribirte suscribete regístrate regístrese síguenos sigue haz haga descarga descargue únete apúntate recibe reciba apoya accede acceder acepta inscríbete
it iscriviti abbonati registrati seguici segui clicca scarica unisciti ricevi sostieni accedi accetta scopri
pt assine inscreva cadastre siga clique baixe descarregue junte receba apoie acesse aceite subscreva participe
nl abonneer schrijf meld volg klik download registreer steun ontvang word probeer accepteer
sv prenumerera anmäl följ klicka ladda registrera stöd logga godkänn få
da abonner abonnér tilmeld følg klik download registrer støt log få accepter
no abonner meld følg klikk last registrer støtt logg få godta
fi tilaa liity seuraa klikkaa lataa rekisteröidy tue kirjaudu hyväksy
pl subskrybuj zapisz zapisać obserwuj śledź kliknij pobierz zarejestruj dołącz wesprzyj zaloguj kup zaprenumeruj
cs odebírejte přihlaste sledujte klikněte stáhněte zaregistrujte podpořte předplaťte připojte
ru подписывайтесь подпишитесь подписаться следите нажмите скачайте зарегистрируйтесь присоединяйтесь поддержите читайте оформите
uk підписуйтесь підписуйтеся підпишіться слідкуйте натисніть завантажте зареєструйтесь приєднуйтесь підтримайте читайте
tr abone takip tıklayın tıkla indirin indir kaydolun katılın destekleyin üye okuyun
ar اشترك اشتركوا تابعنا تابعونا انقر اضغط حمل سجل انضم ادعم للاشتراك تابع
he הירשמו הצטרפו עקבו לחצו הורידו תמכו התחברו
hi सब्सक्राइब फॉलो क्लिक डाउनलोड जुड़ें जुड़िए ज्वाइन रजिस्टर पढ़ें करें
id berlangganan ikuti klik unduh daftar gabung bergabung dukung dapatkan
vi đăng_ký theo_dõi nhấn tải tham_gia
el εγγραφείτε ακολουθήστε πατήστε κατεβάστε συνδεθείτε γίνετε υποστηρίξτε
ro abonează abonați urmărește urmăriți click descarcă înregistrează susține intră
hu iratkozzon iratkozz feliratkozás kövessen kövess kattintson kattints töltse regisztráljon csatlakozzon támogassa fizessen
"""
OURS = """
en our us we ours
de unser unsere unseren unserem unserer unseres uns wir
fr notre nos nous
es nuestro nuestra nuestros nuestras nosotros nos
it nostro nostra nostri nostre noi
pt nosso nossa nossos nossas nós
nl ons onze wij we
sv vår vårt våra oss vi
da vores os vi
no vår vårt våre oss vi
fi meidän meitä
pl nasz nasza nasze naszego naszej naszym nas
cs náš naše našeho našemu našich nás
ru наш наша наше наши нашу нашего нашей нас мы
uk наш наша наше наші нашу нашого нашої нас ми
tr bizi bizim bize
ar لنا
he שלנו
hi हमारे हमारी हमारा हमें
id kami
vi chúng_tôi
el μας
ro noastră nostru noastre noștri noi
hu minket
"""
YOURS = """
en you your yours
de sie ihr ihre ihren ihrem ihnen dich dir dein deine du ihrer
fr vous votre vos
es tu tus usted su sus te
it tu tuo tua tuoi ti
pt você seu sua seus
nl je jouw u uw jij
sv du din ditt dig dina
da du din dit dig dine
no du din ditt deg dine
pl ciebie twój twoje ci cię się
cs vás váš vaše vám
ru вы вас ваш ваше вам
uk ви вас ваш ваше вам
tr sizin size
hi आप आपके आपकी
id anda
"""
# Words in a row that make a line of up to 45 words an appeal, wherever in it they stand.
PITCHES = """
en lorem ipsum dolor | for more stories like this | sign up for breaking news | we want to hear from you | for general informational purposes only | for informational purposes only | does not constitute legal advice | does not constitute financial advice | does not constitute investment advice | does not constitute medical advice | to constitute legal advice | to replace the advice of | as a substitute for professional | the kind of reporting we do | to republish | follow me on | join me on | talk to our | talk to us about | media playback is unsupported | read or share this story | read or share | hear what you think about this article | without charge to any eligible | follow us on google news | contains affiliate links | contain affiliate links | some affiliate links | links are affiliate | earn a commission | earn commission | earn us a commission | earn an affiliate commission | affiliate commission | get a commission if | get a commission when | receive a commission | a small commission | commission if you | commission when you | commission on purchases | commission from purchases | we use cookies | sign up today | sign up now | sign up here | sign up below | sign up for free | sign up to our | sign up to get | sign up to receive | signing up you agree | sign up for our | subscribe to our | subscribe today | subscribe now | subscribe here | subscribe for free | join our newsletter | our free newsletter | our daily newsletter | our weekly newsletter | straight to your inbox | in your inbox | to your inbox | enter your email | entering your email | already have an account | already a subscriber | already subscribed | not a subscriber | for subscribers only | to subscribers only | to continue reading | continue reading this article | log in to comment | logged in to comment | sign in to comment | no credit card required | start your free trial | free trial today | click here to subscribe | click here to sign up | click here to read | click here to join | click here to donate | follow us on | like us on | find us on | download our app | download the app today | get our app | our mobile app | join our whatsapp | our whatsapp channel | our telegram channel | our facebook page | as a preferred source | turn on notifications | our privacy policy | our cookie policy | our terms of | our comment policy | our community guidelines | we use cookies | this site uses cookies | uses cookies to | at no extra cost to you | contains affiliate links | earn an affiliate commission | independently selected | independently select | independently review | support our journalism | support independent journalism | consider donating | make a donation | become a member today | book a demo | request a demo | schedule a demo | got a story | do you have a story | have a news tip | send us a tip | share your story with us | email our news team | get in touch with our news team | display this content | your browser does not support | please disable your ad blocker
de lesen sie in unserem liveblog | für sie recherchiert | auch bei social media | auf social media folgen | wir eine provision | wir eine kleine provision | wir eine affiliate-provision | affiliate-links enthalten | sogenannte affiliate-links | enthält affiliate-links | jetzt anmelden | jetzt abonnieren | jetzt bestellen | jetzt kostenlos testen | kostenlos testen | jetzt testen | hier anmelden | hier abonnieren | hier kostenlos | geht's zur anmeldung | geht’s zur anmeldung | zum newsletter | unseren newsletter | unserem newsletter | unser newsletter | bereits abonnent | sie sind bereits abonnent | schon abonnent | mit einem abo | nur für abonnenten | mit werbung weiterlesen | weiterlesen mit | lesen sie diesen artikel mit | anmelden um zu kommentieren | um zu kommentieren | diskutieren sie mit | folgen sie uns | folgt uns | folge uns | unseren whatsapp | auf google news | in unserer app | app herunterladen | externer inhalt | externen inhalt | redaktionellen inhalt | an drittplattformen | unserer datenschutz | mit einem klick anzeigen | ohne mehrkosten | ihre meinung ist uns wichtig | schreiben sie uns | schicken sie uns | senden sie uns | fehler gefunden | unabhängigen journalismus | unterstützen sie uns | alle rechte vorbehalten
fr toucher une commission | percevoir une commission | lien d'affiliation | liens d'affiliation | liens affiliés | déjà abonné | réservé aux abonnés | réservée aux abonnés | réservés aux abonnés | il vous reste | de cet article à lire | inscrivez-vous à | abonnez-vous à | abonnez-vous pour | notre newsletter | nos newsletters | suivez-nous sur | téléchargez notre application
es enlaces de afiliados | enlaces de afiliación | recibir una comisión | ya eres suscriptor | ya soy suscriptor | solo para suscriptores | sólo para suscriptores | para suscriptores | suscríbete a | suscríbase a | nuestra newsletter | nuestro boletín | nuestros boletines | síguenos en | síganos en | sigue leyendo | regístrate gratis | nuestro canal de | canal de whatsapp | utilizamos cookies | añadir otro usuario | descarga nuestra
it ricevere una commissione | link di affiliazione | già abbonato | riservato agli abbonati | per gli abbonati | iscriviti alla | iscriviti al | nostra newsletter | seguici su | abbonati a | canale whatsapp | riproduzione riservata | scarica la nostra
pt links de afiliados | receber uma comissão | já é assinante | exclusivo para assinantes | para assinantes | assine a | assine nossa | nossa newsletter | inscreva-se | siga-nos | canal no whatsapp | canal do whatsapp | baixe o aplicativo
nl wij een commissie | affiliate links | al abonnee | word abonnee | alleen voor abonnees | onze nieuwsbrief | schrijf je in | meld je aan | volg ons | download onze | gratis account
sv redan prenumerant | bli prenumerant | vårt nyhetsbrev | följ oss | logga in för | prenumerera på
da allerede abonnent | kun for abonnenter | bliv abonnent | vores nyhedsbrev | følg os | log ind for | tilmeld dig
no allerede abonnent | bli abonnent | vårt nyhetsbrev | følg oss | logg inn for | meld deg på | tips oss
fi oletko jo tilaaja | uutiskirjeemme | seuraa meitä | tilaa uutiskirje
pl dla subskrybentów | zapisz się na | zapisz się do | nasz newsletter | naszego newslettera | obserwuj nas | polub nas
cs již předplatitel | pro předplatitele | přihlaste se k | náš newsletter | sledujte nás | odebírejte
ru подписывайтесь на | подпишитесь на | наш телеграм | наш telegram | нашу рассылку | читайте нас в | следите за нами | нашли опечатку | выделите её | выделите ее | ctrl enter
uk підписуйтесь на | підписуйтеся на | підпишіться на | наш телеграм | наш telegram | читайте нас | стежте за нами | знайшли помилку | помилку в тексті | ctrl enter
tr abone olmak için | bizi takip edin | bültenimize | lütfen iletişime geçiniz | uygulamamızı indirin | izin alınmadan
ar اشترك في | تابعونا على | تابعنا على | حمل تطبيق | اشترك الآن
he הירשמו ל | עקבו אחרינו | הצטרפו ל | הורידו את
hi फॉलो करें | सब्सक्राइब करें | डाउनलोड करें | से जुड़ें | हमें फॉलो | क्लिक करें | whatsapp चैनल
id channel whatsapp | whatsapp channel | unduh aplikasi | bergabung dengan | cek berita dan artikel
vi theo dõi chúng tôi | đăng ký nhận | tải ứng dụng
el ακολουθήστε μας | ακολουθήστε το | εγγραφείτε στο
ro abonează-te la | urmărește-ne | urmăriți-ne | canalul de whatsapp
hu iratkozz fel | iratkozzon fel | kövess minket | kövessen minket | előfizetőknek | google hírek
"""
# What stands where the rest of an article is for those who pay or register.
PAYWALLS = """
en already a subscriber | already subscribed | not a subscriber | for subscribers only | to subscribers only | exclusive to subscribers | subscriber only | subscribers only | subscriber exclusive | subscribe to continue | subscribe to read | to continue reading | to keep reading | continue reading this article | to read the full | to read the rest | to unlock | unlock this article | members only | log in or create an account to continue | register to continue | start your free trial | this is a premium article
de bereits abonnent | schon abonnent | mit einem abo | nur für abonnenten | weiterlesen mit | lesen sie diesen artikel mit | mit werbung weiterlesen | jetzt weiterlesen | um weiterzulesen | exklusiv für abonnenten | jetzt freischalten
fr déjà abonné | réservé aux abonnés | réservée aux abonnés | réservés aux abonnés | il vous reste | de cet article à lire | pour lire la suite | abonnez-vous pour lire
es ya eres suscriptor | ya soy suscriptor | para suscriptores | sólo para suscriptores | solo para suscriptores | exclusivo para suscriptores | para seguir leyendo | para continuar leyendo
it già abbonato | riservato agli abbonati | per gli abbonati | per continuare a leggere | continua a leggere con
pt já é assinante | exclusivo para assinantes | para assinantes | para continuar lendo | para ler o artigo completo
nl al abonnee | alleen voor abonnees | word abonnee | verder lezen | om verder te lezen
sv redan prenumerant | för prenumeranter | för att läsa vidare | låst artikel
da allerede abonnent | kun for abonnenter | læs videre med
no allerede abonnent | for abonnenter | for å lese videre
fi oletko jo tilaaja | vain tilaajille | lue koko juttu
pl tylko dla subskrybentów | dla subskrybentów | masz już subskrypcję | aby czytać dalej | pozostało do przeczytania
cs pouze pro předplatitele | pro předplatitele | jen pro předplatitele | dočíst článek
ru только для подписчиков | доступно по подписке | чтобы читать дальше
uk тільки для передплатників | доступно за передплатою
tr devamını okumak için abone | abonelere özel | sadece aboneler
hu előfizetőknek | csak előfizetőknek
ro doar pentru abonați | exclusiv abonaților
he למנויים בלבד
ar للمشتركين فقط
zh 会员专享 | 會員專屬 | 订阅后阅读 | 訂閱後閱讀
ja 会員限定 | 有料会員 | 有料記事 | 続きを読むには | 残り
ko 회원 전용 | 구독자 전용
"""
# The same in scripts without spaces: a line with one of these addresses the reader.
UNSPACED = """
zh 订阅 | 訂閱 | 关注我们 | 關注我們 | 扫码 | 掃碼 | 扫描二维码 | 下载客户端 | 下載app | 下载app | 点击进入 | 點擊 | 微信公众号 | 公众号 | 版权所有 | 版權所有 | 未经授权 | 未經授權 | 转载请注明 | 轉載請註明 | 免责声明 | 欢迎关注 | 本文仅代表作者 | 加入會員 | 按讚 | 粉絲團
ja 会員登録 | 有料会員 | 会員限定 | 無料で | メルマガ | メールマガジン | 購読 | ログインして | 続きを読むには | 無断転載 | 転載を禁 | フォローする | アプリを | キャンペーン | 電子版 | 読み放題 | 詳しくはこちら | 定期購読
ko 무단 전재 | 무단전재 | 재배포 | 구독 | 뉴스레터 | 카카오톡 | 제보 | 채널 추가 | 회원가입 | 로그인 | copyright | ⓒ
th ติดตาม | สมัครสมาชิก | กดไลค์ | แอดไลน์ | ดาวน์โหลด | คลิก
"""

# What a person in an author's box is.
ROLES = """
en reporter writer journalist editor correspondent columnist producer contributor author freelancer photographer blogger analyst researcher fellow professor lecturer intern
de reporter reporterin redakteur redakteurin journalist journalistin korrespondent korrespondentin autor autorin kolumnist kolumnistin volontär volontärin chefredakteur chefredakteurin
fr journaliste rédacteur rédactrice correspondant correspondante chroniqueur chroniqueuse reporter
es periodista redactor redactora corresponsal columnista reportero reportera editor editora
it giornalista redattore redattrice corrispondente inviato caporedattore editorialista
pt jornalista repórter redator redatora correspondente colunista editor editora
nl journalist journaliste redacteur verslaggever correspondent columnist
sv journalist reporter redaktör korrespondent krönikör
da journalist reporter redaktør korrespondent
no journalist reporter redaktør korrespondent
fi toimittaja kirjeenvaihtaja päätoimittaja
pl dziennikarz dziennikarka redaktor redaktorka korespondent publicysta publicystka
cs redaktor redaktorka novinář novinářka komentátor
ru журналист корреспондент редактор обозреватель
uk журналіст журналістка кореспондент редактор
tr muhabir gazeteci yazar editör
ro jurnalist redactor corespondent
hu újságíró szerkesztő tudósító
id jurnalis wartawan reporter editor
"""

# Openings of a line that credits a picture, a source or the hands that a text went through; a colon, a name or a slash follows.
CREDITS = """
en photo | photos | photograph | photography | picture | pictures | image | images | image credit | photo credit | credit | credits | illustration | graphic | file photo | video credit | screenshot | photo by | image by | picture by | photograph by | photos by | illustration by | image source | photo courtesy | courtesy of
de foto | fotos | bild | bilder | grafik | bildquelle | bildnachweis | fotocredit | illustration | symbolbild | archivbild | archivfoto | symbolfoto | fotomontage | titelbild
fr photo | photos | crédit | crédits | crédit photo | crédits photo | illustration | image | infographie | photo d'illustration | légende
es foto | fotos | imagen | fotografía | crédito | créditos | ilustración | crédito de la foto | foto de archivo
it foto | immagine | crediti | credit | fotografia | illustrazione
pt foto | fotos | imagem | crédito | créditos | fotografia | divulgação | reprodução
nl foto | foto's | beeld | afbeelding | illustratie
sv foto | bild | illustration | arkivbild | genrebild
da foto | arkivfoto | illustration
no foto | bilde | illustrasjon | arkivfoto
fi kuva | kuvat | kuvitus | kuvituskuva
pl foto | fot | zdjęcie | zdjęcia | autor zdjęcia | ilustracja | grafika
cs foto | fotografie | ilustrace | ilustrační foto | autor fotografie
ru фото | фотография | иллюстрация | изображение
uk фото | ілюстрація | зображення
tr fotoğraf | foto | görsel | görseller
ar الصورة | صورة | تصوير | مصدر الصورة
he צילום | תמונה | קרדיט
hi फोटो | तस्वीर | चित्र
zh 图 | 圖 | 图片来源 | 圖片來源 | 图源 | 摄影 | 攝影 | 供图
ja 写真 | 画像 | 撮影 | 写真提供
ko 사진 | 사진제공 | 사진 제공 | 이미지
th ภาพ | ภาพจาก | เครดิตภาพ
id foto | gambar | ilustrasi
vi ảnh | hình
el φωτο | φωτογραφία | φωτό | πηγή φωτογραφίας
ro foto | sursa foto | imagine
hu fotó | kép | illusztráció | forrás
"""

# Agencies and picture desks whose name after a slash, bar or copyright sign makes the line a caption.
DESKS = """
getty images | getty | afp | ap | ap photo | associated press | reuters | dpa | dpa-infocom | picture alliance | imago | imago images | shutterstock | istock | istockphoto | epa | efe | ansa | lusa | anp | belga | keystone | apa | ntb | tt | ritzau | ritzau scanpix | scanpix | lehtikuva | pap | čtk | ctk | mti | agerpres | mediafax | tass | тасс | риа новости | xinhua | 新华社 | kyodo | 共同 | 時事 | yonhap | 연합뉴스 | 뉴시스 | 뉴스1 | anadolu | aa | dha | iha | pa | pa wire | pa media | pa images | alamy | bloomberg | zuma | zuma press | upi | unsplash | pexels | pixabay | depositphotos | adobe stock | wikimedia commons | wikimedia | creative commons | screenshot | europa press | presse canadienne | canadian press | the canadian press | nurphoto | sipa | sipa usa | abaca | anadolu agency | anadolu images | laif | ddp | kna | epd | sid | sda | ats | mtv | cp | aap | rex | rex features | wenn | backgrid | splash news | newsis | unian | укрінформ | унiан | интерфакс
"""

# Words of lines that only say when something was published or how long it takes to read.
STAMPS = """
en published updated posted last modified first on at am pm edt available until est gmt utc bst ist pst pdt et cet cest jst sast hrs hours ago min mins minute minutes read reading time date by created edited and
de veröffentlicht aktualisiert stand erstellt verfügbar bis zuletzt am um uhr vom lesezeit lesedauer minute minuten min letzte aktualisierung datum geändert publiziert und ca vor stunden std gelesen
fr publié publie le à mis jour modifié temps de lecture mise min minutes et il y a h heures date
es publicado actualizado el a las h hs hora tiempo de lectura minutos min fecha última actualización y hace horas publicada actualizada
it pubblicato aggiornato il alle ore tempo di lettura minuti min data ultimo aggiornamento e
pt publicado atualizado em às h horas tempo de leitura minutos min data última atualização e há
nl gepubliceerd bijgewerkt geüpdatet op om uur leestijd minuten min laatst gewijzigd laatste update
sv publicerad uppdaterad kl klockan lästid minuter min senast den och
da publiceret opdateret kl læsetid minutter min senest den d offentliggjort og
no publisert oppdatert kl lesetid minutter min sist den først og
fi julkaistu päivitetty klo lukuaika minuuttia min
pl opublikowano aktualizacja zaktualizowano publikacja dnia godz czas czytania minut min data r ostatnia dodano
cs publikováno aktualizováno vydáno doba čtení minut min datum dnes
ru опубликовано обновлено в г время чтения минут мин дата мск добавлено сегодня вчера
uk опубліковано оновлено о р час читання хвилин хв дата сьогодні вчора
tr yayınlanma güncelleme güncellenme tarihi saat son okuma süresi dakika dk giriş oluşturulma eklenme
ar نشر تحديث آخر في الساعة تاريخ النشر دقائق دقيقة قراءة بتوقيت غرينتش مساء صباحا
he פורסם עודכן בתאריך בשעה דקות קריאה
hi प्रकाशित अपडेट अपडेटेड पब्लिश्ड तारीख मिनट समय आखरी
zh 发布 更新 时间 来源 发表 编辑 發布 時間 發表 于 於
ja 公開 更新 配信 掲載 投稿 日時 最終更新 時 分 年 月 日
ko 입력 수정 등록 승인 기사입력 최종수정 업데이트 오전 오후 년 월 일 시 분 작성
th เผยแพร่ อัปเดต ปรับปรุง น เวลา วันที่
id diterbitkan diperbarui dipublikasikan pukul wib wita wit waktu baca menit terakhir tanggal
vi cập nhật đăng lúc ngày giờ xuất bản
el δημοσίευση ενημέρωση δημοσιεύθηκε ενημερώθηκε ώρα τελευταία στις χρόνος ανάγνωσης λεπτά
ro publicat actualizat la ora data ultima actualizare timp de citire minute min
hu megjelent frissítve közzétéve utoljára olvasási idő perc
"""
WEEKDAYS = """
en monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
de montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
fr lundi mardi mercredi jeudi vendredi samedi dimanche
es lunes martes miércoles jueves viernes sábado domingo
it lunedì martedì mercoledì giovedì venerdì sabato domenica
pt sábado domingo segunda terça quarta quinta sexta feira
nl maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
sv måndag tisdag onsdag torsdag fredag lördag söndag
da mandag tirsdag onsdag torsdag fredag lørdag søndag
fi maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
pl poniedziałek wtorek środa czwartek piątek sobota niedziela
cs pondělí úterý středa čtvrtek pátek sobota neděle
ru понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
uk понеділок вівторок середа четвер п'ятниця субота неділя
tr pazartesi salı çarşamba perşembe cuma cumartesi pazar
ar الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
id senin selasa rabu kamis jumat sabtu minggu
vi thứ hai ba tư năm sáu bảy chủ nhật
el δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή
ro luni marți miercuri joi vineri sâmbătă duminică
hu hétfő kedd szerda csütörtök péntek szombat vasárnap
"""
BY = """
en by | posted by | written by | reviewed by | medically reviewed by | fact checked by | edited by | published by | reported by | von | par | por | di | door | av | af | przez | od | от | oleh | yazan | text | texte | testo | tekst | words by | report by | by: | autor | autorin | författare | rédigé par | écrit par | publié par | escrito por | a cura di | scritto da | gepubliceerd door | від | автор | skrevet af | skrevet av | kirjoittanut | बाय | 文 | 記者 | 기자 | penulis | de | da
"""
# Words over a list of what an article is about, on the same line.
KEYWORDS = """
en tags | tagged | filed under | topics | topic | keywords | more about the topics | more about the topic | read more about | explore more | categories | category
de schlagwörter | schlagworte | stichworte | stichwörter | themenseiten | mehr zu | themen in diesem artikel
fr mots clés | sujets | thèmes | étiquettes
es etiquetas | archivado en | temas relacionados
it tag | argomenti | parole chiave
pt tags | tópicos | etiquetas | palavras chave
nl trefwoorden | onderwerpen
sv ämnen | nyckelord
da emneord
no emneord | stikkord
fi avainsanat
pl tagi | słowa kluczowe
cs klíčová slova | štítky
ru теги | ключевые слова
uk теги | ключові слова
tr etiketler | anahtar kelimeler
ar كلمات مفتاحية | الوسوم | الكلمات الدلالية
he תגיות
hi टैग्स
zh 关键词 | 關鍵字 | 标签 | 標籤
ja 関連キーワード | タグ
ko 태그 | 키워드 | 관련태그
id kata kunci | tag
vi từ khóa | tags
el ετικέτες
ro etichete
hu címkék
"""
# Names on the buttons of a share bar, and the little words between them.
NETWORKS = """
en facebook twitter x whatsapp linkedin telegram email mail print copy link tweet pinterest reddit flipboard instagram threads bluesky mastodon messenger pocket tumblr vk viber line weibo wechat qq sms xing youtube tiktok google news share on this via e
de teilen auf drucken
fr partager sur imprimer
es compartir en
it condividi su
pt compartilhar partilhar no
nl delen op
sv dela på
da del
fi jaa
pl udostępnij
cs sdílet
ru поделиться
uk поширити поділитися
tr paylaş
"""
# Words of which one makes a line worth a look for a credit: pictures, and rights.
PICTURES = """
en photo photos image credit picture pictures photograph
de foto fotos fotocredit bild bildquelle
nl beeld
no bilde
fi kuva
pl zdjęcie fot
ru фото
tr fotoğraf
ar الصورة
he תמונה צילום
ja 写真
ko 사진
vi ảnh
el φωτο φωτογραφία
hu fotó
"""
RIGHTS = """
en copyright reserved
de vorbehalten
fr réservés
es reservados
it riservati
nl voorbehouden
pl zastrzeżone
cs vyhrazena
ru защищены
uk захищені
tr saklıdır
ar محفوظة
he שמורות
ro rezervate
hu fenntartva
"""
# A source or a hand in the text: the word, a colon, the name.
SOURCES = """
en source | sources | via | contributing | contributors
de quelle | quellen | redaktion | übersetzung | faktencheck | lektorat | sendung | mitarbeit
fr source | sources
es fuente | fuentes
it fonte | fonti
pt fonte | fontes
nl bron | bronnen
sv källa | källor | redaktör
da kilde | kilder
no kilde | kilder
fi lähde | lähteet
pl źródło | źródła
cs zdroj | zdroje
ru источник
uk джерело
tr kaynak | muhabir
ar المصدر
he מקור
zh 来源 | 來源 | 编辑 | 編輯 | 责任编辑 | 責任編輯
ja 出典
ko 출처
id sumber
vi nguồn
el πηγή
ro sursa
hu forrás
"""
# Where breadcrumbs begin.
HOMES = "home | homepage | startseite | accueil | inicio | portada | início | hjem | hem | etusivu | strona główna | domů | úvod | главная | головна | anasayfa | ana sayfa | الرئيسية | ראשי | होम | hindi news | 首页 | 首頁 | ホーム | トップ | 홈 | หน้าแรก | beranda | trang chủ | αρχική | acasă | főoldal | címlap | news | nachrichten | noticias | actualités"


@cache
def phrases(table: str) -> frozenset[str]:
    """All phrases of a table of phrases, whatever their language."""
    lines = (line.partition(" ")[2] if line[2:3] == " " else line for line in table.strip().split("\n"))
    return frozenset(p.strip() for line in lines for p in line.split("|") if p.strip())


@cache
def words(table: str) -> frozenset[str]:
    """All words of a table of words, whatever their language; `_` stands for a space within one."""
    lines = (line.partition(" ")[2] for line in table.strip().split("\n"))
    return frozenset(w.replace("_", " ") for line in lines for w in line.split())
