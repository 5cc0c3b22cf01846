"""What is asked through prism: a line for every operation."""

# Everything a task takes, so that nothing but the request is sent. {…} are files made beforehand.
MODEL = {
    "txt2img": "Flux1schnell", "img2img": "Flux_2_Klein_4B_BF16", "img-upscale": "RealESRGAN_x4",
    "img-rmbg": "Ben2", "txt2video": "Ltx2_3_22B_Dist_INT8", "img2video": "Ltx2_3_22B_Dist_INT8",
    "aud2video": "Ltx2_3_22B_Dist_INT8", "vid-upscale": "RealESRGAN_Vid_x2",
    "vid-rmbg": "RMBG_Vid", "txt2audio": "Kokoro", "txt2music": "AceStep_1_5_Turbo",
    "txt2embedding": "Bge_M3_FP16", "img2txt": "Nanonets_Ocr_S_F16",
}
SIZE = "--width 512 --height 512"
FILM = f"{SIZE} --guidance 1 --steps 8 --frames 49 --fps 24 --seed 7"
TASKS = {
    "txt2img": f"--prompt cat --negative-prompt dog {SIZE} --guidance 0 --steps 4 --seed 7",
    # Several pictures are sent as `images[]`, which prism refuses whatever it is.
    "img2img": f"{{picture}} --prompt winter {SIZE} --steps 4 --seed 7 --guidance 0",
    "img-upscale": "{picture}",
    "img-rmbg": "{picture}",
    "img2txt": "{picture} --language en --format json --return-result-in-response true",
    "txt2video": f"--prompt cat {FILM}",
    "img2video": f"{{picture}} --prompt cat --last-frame-image {{picture}} {FILM}",
    "aud2video": f"{{sound}} --prompt cat --first-frame-image {{picture}} {FILM}",
    "vid-upscale": "{film}",
    "vid-rmbg": "{film}",
    # A file makes it the form that is published; without one it is JSON, which is not.
    "txt2audio": "--text hello --mode custom_voice --voice af_sky --lang en-us --speed 1"
    " --format mp3 --sample-rate 24000 --ref-audio {sound}",
    "txt2music": "--caption calm --lyrics [Instrumental] --duration 20 --bpm 90 --keyscale Cm"
    " --timesignature 4 --vocal-language en --inference-steps 8 --guidance-scale 7 --seed 7"
    " --format mp3 --reference-audio {sound}",
    "txt2embedding": "--input one --input two --return-result-in-response true",
    "vid2txt": "https://example.org/talk --include-ts true",
    "aud2txt": "https://x.com/i/spaces/1 --include-ts false",
    "videofile2txt": "{film} --include-ts true",
    "audiofile2txt": "{sound} --include-ts true",
}
PROMPTS = {
    # The service's own client says that the negative prompt must be there, if empty; the published
    # description wants three characters of it, so it gets some.
    "prompt/image": "image cats --negative-prompt dogs",
    "prompt/video": "video cats --negative-prompt dogs --image {picture}",
    "prompt/image2image": "image2image winter --negative-prompt dogs --image {picture}",
    "prompt/speech": "speech hello --lang-code en",
    "prompts/samples": "sample --type text2image --topic harbours",
}
UNKNOWN = "c08a339c-0000-7000-8000-000000000000"
SENTENCE = {"prompt": "a cat sits", "negative_prompt": "dogs"}
# What is asked of the sandbox beside the walk; None is a GET.
QUESTIONS = {
    "models": ("models?per_page=50", None),
    "price prompt/image": ("prompt/image/price-calculation", SENTENCE),
    "price prompt/video": ("prompt/video/price-calculation", SENTENCE),
    "price prompt/image2image": ("prompt/image2image/price-calculation", SENTENCE),
    "price prompt/speech": (
        "prompt/speech/price-calculation", {"prompt": "hello there", "lang_code": "en-us"}
    ),
    "price prompts/samples": ("prompts/samples/price-calculation?type=text2image&topic=cats", None),
}

def calls(files, answers):
    """The command's arguments for every operation it can name."""
    made = {name: str(path) for name, path in files.items()}
    for task, fields in TASKS.items():
        typed = [word.format(**made) for word in fields.split()]
        model = ["--model", MODEL.get(task, "WhisperLargeV3")]
        yield task, ["submit", task, *typed, *model]
        yield f"price {task}", ["price", task, *typed, *model]
    for name, typed in PROMPTS.items():
        yield name, ["prompt", *[word.format(**made) for word in typed.split()]]
    yield "balance", ["balance"]
    # Through the proxy these two are asked beside the walk, for what is known of their answers.
    if not answers:
        yield "models", ["models"]
        yield "status", ["status", UNKNOWN]
