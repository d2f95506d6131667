using System.Collections.Frozen;

namespace NexLlm.Dashboard.Accounts.Passwords;

/// <summary>
/// The passwords that attackers try first. Of the published lists of leaked passwords, only those that reach fifteen characters matter:
/// well-known phrases, and combinations of short common passwords, which are recognized by their parts.
/// </summary>
internal static class CommonPasswords
{
    public static IReadOnlyList<string> KeyboardRows { get; } =
        ["qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "09"];

    /// <summary>Lowercase letters and digits only.</summary>
    public static FrozenSet<string> Phrases { get; } = Words("""
        correcthorsebatterystaple tobeornottobethatisthequestion maytheforcebewithyou thequickbrownfox thequickbrownfoxjumps
        thequickbrownfoxjumpsoverthelazydog liveandletdie onceuponatime onceuponatimethere neverforgetpassword iamthewalrus
        allyourbasearebelongtous itwasthebestoftimes callmeishmael winteriscoming theanswerisfortytwo hellomynameis
        loremipsumdolor loremipsumdolorsit loremipsumdolorsitamet twinkletwinklelittlestar happybirthdaytoyou
        rosesareredvioletsareblue sugarspiceandeverythingnice supercalifragilisticexpialidocious pneumonoultramicroscopicsilicovolcanoconiosis
        antidisestablishmentarianism ilovemymomanddad iloveyouforever iloveyousomuch iloveyoubaby jesuslovesme jesusismylord
        godisgood godisgoodallthetime trustno1trustno1 opensesameopensesame abracadabra1234567 thisismypassword
        thisisapassword thisismysecretpassword mypasswordispassword passwordispassword pleaseletmein pleaseletmeinnow
        donttellanyone whatisthepassword forgotmypassword ihateyouihateyou nevergonnagiveyouup unbelievable12345 computerscience
        manchesterunited liverpoolfootballclub realmadridbarcelona newenglandpatriots dallascowboysfan pittsburghsteelers
        harrypotterhermione lordoftherings thelordoftherings starwarsepisodeiv gameofthrones12 spongebobsquarepants
        """);

    /// <summary>In lower case. Removed longest first, so that "passwords" doesn't leave an "s".</summary>
    public static FrozenSet<string> Parts { get; } = Words("""
        nexllm dashboard gateway apikey apikeys openai chatgpt
        password passwords passwort passw0rd p@ssw0rd p@ssword pa55word passwd contraseña motdepasse senha parola haslo
        qwerty qwertz azerty asdf zxcv 1q2w3e4r5t 1q2w3e4r 1q2w3e zaq12wsx qazwsx q1w2e3r4t5 abc123 a1b2c3
        letmein welcome willkommen bienvenue admin administrator root user username login guest test testing default changeme
        change secret geheim master superuser system server database computer internet access private security letme in1
        iloveyou loveyou ilove love lovely lover forever always sweetheart darling honey baby babygirl babyboy angel princess prince
        queen king sunshine rainbow flower butterfly summer winter spring autumn monday friday january february march april june july
        august september october november december dragon monkey tiger lion shadow panther eagle falcon phoenix unicorn kitten
        kitty puppy bunny chicken chocolate cookie cheese banana orange apple cherry pepper ginger peanut coffee
        football baseball basketball soccer hockey tennis golf liverpool chelsea arsenal barcelona madrid manchester united yankees
        cowboys lakers steelers jordan michael jennifer jessica ashley amanda daniel matthew andrew joshua robert thomas charlie
        george jasmine nicole michelle anthony samantha superman batman spiderman pokemon pikachu naruto starwars matrix
        minecraft fortnite mustang ferrari porsche mercedes harley corvette google facebook instagram youtube samsung microsoft windows
        hello goodbye whatever nothing anything something freedom trustno trustno1 hunter2 hunter killer soldier ranger cowboy maverick
        blink182 slipknot metallica nirvana hannah jesus christ heaven blessed faith money dollar lucky
        company office please thanks mypassword myaccount account the and my is this you your for new old one two three
        """);

    private static FrozenSet<string> Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
